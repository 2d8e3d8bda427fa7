// The commands that need no deployed pullmedic.
import { kindsInWords } from '../lib/workloads/workloads.ts';
import { flag, help, none, text } from './command-parts.ts';
import type { CommandSpec } from './command-spec.ts';

export const commandsWithoutApp = {
  classify: {
    needs: 'log',
    does: 'says what a log claims about an image pull, and what to do next',
    usage: ['[FILE]'],
    explains: [
      'Reads a log from FILE or standard input and says of every message what it claims about an image pull. It knows plain text, output of "az containerapp logs show --type system", rows exported from Log Analytics (JSON or CSV), events of Kubernetes (text or JSON), and JSON lines.',
    ],
    words: { most: 1, offers: 'files' },
    options: {
      jsonl: {
        ...flag,
        says: 'the input is JSON lines {"id", "text", "columns"?}; print {"id", "suspicion", "rule", "image", "registry", "refused", "httpStatus"} a line',
      },
      json: { ...flag, says: 'print one JSON array with every message' },
      lines: { ...flag, says: 'every line is one message' },
      whole: { ...flag, says: 'the whole input is one message' },
      all: { ...flag, says: 'show every message, also repeated ones and those that are about something else' },
      'exit-code': { ...flag, says: 'end with 3 when a pull failure was found' },
      ...help,
    },
    examples: ['classify log.txt', 'classify --json < log.txt'],
    exits: {
      0: 'all of it was read',
      1: 'something could not be read (it says what)',
      2: 'the command is wrong or there is no such file',
      3: 'only with --exit-code: a pull failure was found',
    },
  },
  diagnose: {
    needs: 'azure',
    does: 'proves why a workload cannot pull its image, or whether it could',
    usage: ['APP'],
    explains: [
      `Says why ${kindsInWords} cannot pull its image, or whether it could. Reads the workload, its identity and roles, the registry and the network with your own sign-in (az login, environment, managed identity) and changes nothing.`,
      'APP is its name or its resource id. A name is looked for in every subscription that you may read, or in those of --subscription; if several have it, their ids are listed. Where it cannot be diagnosed, the sentence begins with what is in the way: not signed in, not found, no right, or unreachable.',
    ],
    words: { most: 1 },
    options: {
      app: { ...text, takes: 'APP', says: 'the same as the word APP' },
      image: {
        ...text,
        takes: 'REF',
        says: 'could it pull this image? For a gate before a rollout; the workload must exist',
      },
      subscription: {
        ...text,
        multiple: true,
        takes: 'ID',
        says: 'where to look for the workload, its registry and its DNS; may be repeated',
      },
      cloud: { ...text, takes: 'NAME', offers: ['public', 'china', 'usgovernment'], says: 'public if not given' },
      since: { ...text, takes: 'MINUTES', says: 'how far back logs are read (60 if not given)' },
      json: { ...flag, says: 'print one JSON object' },
      simulation: {
        ...text,
        takes: 'URL',
        says: 'ask a running simulation (npm start -- --keep prints the address)',
      },
      ...help,
    },
    examples: ['diagnose ca-orders', 'diagnose /subscriptions/…/containerApps/NAME --image acrshop.azurecr.io/api:v2'],
    exits: {
      0: 'it pulls',
      10: 'identity or role',
      11: 'network',
      12: 'image',
      13: 'registry',
      14: 'deployment',
      15: 'it fails and nothing explains it',
      16: 'not everything could be read',
      1: 'the workload could not be read: not signed in, not found, no right, or unreachable',
      2: 'the command is wrong',
    },
  },
  doctor: {
    needs: 'azure',
    does: 'says what a subscription or a deployment lacks',
    usage: ['[--subscription ID]', '--url URL'],
    explains: [
      'Runs those of the seven checks of the first day (docs/first-day.md) that a program can run, and prints what is missing. It changes nothing. Without --url it checks a subscription before a deployment, with the sign-in of "az login": az, providers, the operations of the roles, system topics, logs. With --url it checks a deployed pullmedic: the app, its sign-in, a forged sign-in, and what health says of the rest. PULLMEDIC_URL does not stand for --url here.',
    ],
    words: none,
    options: {
      subscription: { ...text, takes: 'ID', says: 'the subscription to check, if not the one of az' },
      url: { ...text, takes: 'URL', says: 'the deployed pullmedic to check' },
      json: { ...flag, says: 'print the checks as JSON' },
      ...help,
    },
    examples: ['doctor', 'doctor --url https://HOST'],
    exits: {
      0: 'nothing is missing',
      1: 'the app does not answer',
      2: 'the command is wrong',
      3: 'something is missing or could not be read',
    },
  },
} as const satisfies Readonly<Record<string, CommandSpec>>;
