// The commands that read what a deployed pullmedic knows, and ask nothing of it.
import { exits, flag, id, idOrName, none, ofApp, reader, text, watching } from './command-parts.ts';
import type { CommandSpec } from './command-spec.ts';

export const commandsThatRead = {
  status: {
    needs: 'app',
    does: 'says in a line how things stand, and lists what needs a person',
    usage: [''],
    explains: [`Prints the line of the page Now and what needs a person, a problem each. ${reader}`],
    words: none,
    options: {
      watch: { ...flag, says: `${watching} until nothing needs a person and nothing is under way` },
      ...ofApp,
    },
    examples: ['status', 'status --watch'],
    exits,
  },
  incidents: {
    needs: 'app',
    does: 'lists the open incidents, with owner and first command',
    usage: [''],
    explains: [`Prints the open incidents, each with its owner and the first command to run. ${reader}`],
    words: none,
    options: {
      watch: { ...flag, says: `${watching} until no incident is open` },
      ...ofApp,
    },
    examples: ['incidents', 'incidents --watch'],
    exits,
  },
  history: {
    needs: 'app',
    does: 'lists the remediations, or searches them',
    usage: ['[TERMS]'],
    explains: [
      `Lists the remediations, or those that the terms find, 50 at a time. TERMS are those of the page History: app:, registry:, cause:, sure:, state:, needs:person, since:, until:, on:, by:me. A bad term is refused, and nothing is listed. ${reader}`,
    ],
    words: { most: 20 },
    options: {
      after: { ...text, takes: 'KEY', says: 'the next page, as the one before says it at its end' },
      watch: { ...flag, says: `${watching} until nothing that is listed goes on` },
      ...ofApp,
    },
    examples: ['history app:ca-orders state:open since:7d', 'history needs:person'],
    exits,
  },
  show: {
    needs: 'app',
    does: 'shows one remediation as a timeline, and what fixes it',
    usage: ['ID'],
    explains: [
      `Prints the timeline of a remediation. Of one that is live it ends with the commands of its open incident: what fixes it, how to verify that, how to undo it. The id of an incident, or the beginning of that of an open one, shows the incident. ${idOrName} ${reader}`,
    ],
    words: id,
    options: {
      all: { ...flag, says: 'every entry, also looks that say the same again' },
      watch: { ...flag, says: `${watching} until it has ended` },
      ...ofApp,
    },
    examples: ['show ca-orders', 'show t0123 --watch'],
    exits,
  },
  open: {
    needs: 'app',
    does: 'opens the page of a remediation or an incident in the browser',
    usage: ['[ID]'],
    explains: [
      `Opens the page of a remediation or an incident, or without ID the page Now, and prints its address. Where there is no browser it only prints the address. ID may be that of an incident, or the beginning of that of an open one. ${idOrName} ${reader}`,
    ],
    words: id,
    options: { print: { ...flag, says: 'print the address, and open nothing' }, ...ofApp },
    examples: ['open ca-orders', 'open --print'],
    exits,
  },
  report: {
    needs: 'app',
    does: 'writes a report of one remediation, or a review of the last days',
    usage: ['ID', '--since 30d'],
    explains: [
      'Prints Markdown. With ID: what happened, how long each part took, what showed it and what was done, to begin a post-mortem with. With --since: a review of the last days.',
      `${idOrName} ${reader}`,
    ],
    words: id,
    options: {
      since: { ...text, takes: 'DAYS', offers: ['7d', '30d', '90d'], says: '7d, 30d or 90d' },
      ...ofApp,
    },
    examples: ['report ca-orders', 'report --since 30d'],
    exits,
  },
  health: {
    needs: 'app',
    does: 'says whether pullmedic itself is well',
    usage: [''],
    explains: [
      `Says whether pullmedic itself is well, and if not, why. ${reader} A monitor asks with a function key in PULLMEDIC_KEY instead; the key opens nothing else here.`,
    ],
    words: none,
    options: ofApp,
    examples: ['health'],
    exits: { ...exits, 0: 'it is well', 3: 'the app answers, and it is not well' },
  },
  route: {
    needs: 'app',
    does: 'says which incident systems would be told',
    usage: ['--cause CAUSE --registry HOST'],
    explains: [`Says which systems would be told of such an incident, and by which routes. ${reader}`],
    words: none,
    options: {
      cause: { ...text, takes: 'CAUSE', says: 'the cause, as the page Runbooks names it' },
      registry: { ...text, takes: 'HOST', says: 'the registry' },
      severity: {
        ...text,
        takes: 'S',
        offers: ['low', 'medium', 'high', 'critical'],
        says: 'low, medium, high or critical; high if not given',
      },
      owner: { ...text, takes: 'TEAM', says: 'if not the team that the cause names' },
      subscription: { ...text, takes: 'ID', says: 'the subscription of the app' },
      environment: { ...text, takes: 'NAME', says: 'the environment of the app' },
      at: { ...text, takes: 'INSTANT', says: 'as 2026-06-01T02:00:00Z; now if not given' },
      ...ofApp,
    },
    examples: ['route --cause private-dns-unlinked --registry shop.azurecr.io'],
    exits,
  },
} as const satisfies Readonly<Record<string, CommandSpec>>;
