// Says the same thing once, with how often: a ladder of retries would otherwise read as "restart: done, restart: done, restart: done".

/** Each run of equal items as one text: `a`, or `a (3 times)`. The order stays; equal items that are apart stay apart. */
export function sayRepeats(items: readonly string[]): string[] {
  return items.flatMap((item, index) => {
    if (items[index - 1] === item) return [];
    const next = items.findIndex((other, at) => at > index && other !== item);
    const times = (next === -1 ? items.length : next) - index;
    return [times === 1 ? item : `${item} (${times === 2 ? 'twice' : `${times} times`})`];
  });
}
