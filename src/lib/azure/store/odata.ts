// Filters of table queries. The storage SDK has the same function, but this one is used while the app loads, before the SDK does.

/**
 * A filter whose inserted texts are quoted: `PartitionKey eq ${key}`. A quote inside a text is doubled, so that a text can never end early.
 * Source: OData 4.01, part 2, "Primitive literals"; table storage, "Querying tables and entities".
 */
export function odata(words: TemplateStringsArray, ...texts: readonly string[]): string {
  return words.reduce((filter, word, index) => `${filter}'${texts[index - 1]?.replaceAll("'", "''") ?? ''}'${word}`);
}
