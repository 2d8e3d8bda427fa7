// The command `open`: opens the page of a remediation or an incident in the browser.
import type { Arguments } from './arguments.ts';
import { type Open, openInBrowser } from './browser.ts';
import type { Deployed } from './deployed.ts';
import { withApp } from './deployed-commands.ts';
import { namedThing } from './named-thing.ts';
import { printAnswer } from './printed.ts';

/** Prints the address of the page, and opens it where there is a browser. */
export function openCommand(given: Arguments<'open'>, open: Open = openInBrowser): Promise<number> {
  const [what] = given.words;
  const { print: onlyPrint, json } = given.values;
  return withApp(given, async (deployed, base) => {
    const address = `${base}/api/${await pageOf(deployed, what)}`;
    const opened = onlyPrint !== true && (await open(address));
    printAnswer(json, { address, opened }, address);
    if (!opened && onlyPrint !== true) process.stderr.write('pullmedic: there is no browser here to open it in.\n');
    return 0;
  });
}

async function pageOf(deployed: Deployed, what: string | undefined): Promise<string> {
  if (what === undefined) return 'now';
  const { kind, id } = await namedThing(deployed, what);
  return kind === 'remediation' ? `history/${id}` : `incidents/${id}`;
}
