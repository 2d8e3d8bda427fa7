// The commands with which an operator asks something of a deployed pullmedic.
import { kindsInWords } from '../lib/workloads/workloads.ts';
import { exits, flag, id, idOrName, ofApp, operator, text, why } from './command-parts.ts';
import type { CommandSpec } from './command-spec.ts';

export const commandsThatAsk = {
  approve: {
    needs: 'app',
    does: 'approves the change that a remediation asks about',
    usage: ['ID'],
    explains: [
      `Shows the question that is open, and answers that one after a yes at the terminal. Only what is live is looked for. ${idOrName} ${operator}`,
    ],
    words: id,
    options: {
      question: {
        ...text,
        takes: 'NUMBER',
        says: 'answer this question and no other, without being asked at the terminal; takes the whole id',
      },
      ...why,
      ...ofApp,
    },
    examples: ['approve ca-orders --why "the role was lost with the old identity"'],
    exits,
  },
  reject: {
    needs: 'app',
    does: 'rejects that change',
    usage: ['ID'],
    explains: [
      `Shows the question that is open, and answers that one with a no. Only what is live is looked for. ${idOrName} ${operator}`,
    ],
    words: id,
    options: {
      question: { ...text, takes: 'NUMBER', says: 'answer this question and no other; takes the whole id' },
      ...why,
      ...ofApp,
    },
    examples: ['reject ca-orders --why "this registry is not theirs"'],
    exits,
  },
  ask: {
    needs: 'app',
    does: 'has a question asked again that expired',
    usage: ['ID'],
    explains: [
      `Has a question asked again that expired without an answer. Only what is live is looked for. ${idOrName} ${operator}`,
    ],
    words: id,
    options: { ...why, ...ofApp },
    examples: ['ask ca-orders'],
    exits,
  },
  undo: {
    needs: 'app',
    does: 'takes back the role assignment that a remediation made',
    usage: ['ID'],
    explains: [
      `Has the assignment removed that this remediation made; the settings must allow it. Where others rely on it, nothing is removed, and the history names them. ${idOrName} ${operator}`,
    ],
    words: id,
    options: {
      anyway: { ...flag, says: 'also where others rely on the assignment, or that cannot be read' },
      ...why,
      ...ofApp,
    },
    examples: ['undo ca-orders --why "the app moves to another registry"'],
    exits,
  },
  'forget-refusal': {
    needs: 'app',
    does: 'forgets a no to a grant, so that pullmedic decides anew',
    usage: ['ID --why TEXT'],
    explains: [
      `Forgets every no to a grant for this identity on this registry, so that pullmedic decides anew. It needs --why. ${idOrName} ${operator}`,
    ],
    words: id,
    options: { ...why, ...ofApp },
    examples: ['forget-refusal ca-orders --why "the app was reviewed"'],
    exits,
  },
  look: {
    needs: 'app',
    does: 'asks for a look at a workload now',
    usage: ['APP'],
    explains: [
      `Asks pullmedic to look at a workload now. APP is the resource id of ${kindsInWords}, or what names one that has a remediation: its name, or the beginning of the id of the remediation. ${operator}`,
    ],
    words: id,
    options: { ...why, ...ofApp },
    examples: ['look ca-orders', 'look /subscriptions/…/containerApps/NAME'],
    exits,
  },
  'kill-switch': {
    needs: 'app',
    does: 'stops all changes, or permits them again',
    usage: ['on|off'],
    explains: [
      `on: pullmedic changes nothing until it is off again; looks and follow-ups go on. off: shows who set it, and asks before it turns it off. ${operator}`,
    ],
    words: { most: 1, offers: ['on', 'off'] },
    options: {
      seen: {
        ...text,
        takes: 'VERSION',
        says: 'off: turn off this setting, and no later one (health shows it), without being asked at the terminal',
      },
      ...why,
      ...ofApp,
    },
    examples: ['kill-switch on --why "a deployment goes wrong"', 'kill-switch off'],
    exits,
  },
  replay: {
    needs: 'app',
    does: 'sends kept messages again',
    usage: ['--id ID', '--all', 'FILE'],
    explains: [
      `Sends kept messages again: one dead letter, all of them, or events and alerts from a file (a dead-letter file of Event Grid, an alert); "-" is standard input. It is safe to repeat, because a signal joins once. ${operator}`,
    ],
    words: { most: 1, offers: 'files' },
    options: {
      id: { ...text, takes: 'ID', says: 'the dead letter (d…), as the page and health show it' },
      all: { ...flag, says: 'every dead letter' },
      ...why,
      ...ofApp,
    },
    examples: ['replay --all', 'replay events.json'],
    exits,
  },
  dismiss: {
    needs: 'app',
    does: 'dismisses a dead letter that pullmedic cannot read',
    usage: ['ID'],
    explains: [
      `Dismisses a dead letter that pullmedic cannot read, once you have seen it. ID is that of the dead letter (d…), as the page and health show it. ${operator}`,
    ],
    words: id,
    options: { ...why, ...ofApp },
    examples: ['dismiss d0123456789abcdef01234567'],
    exits,
  },
  incident: {
    needs: 'app',
    does: 'tries an incident system, or sends again what it refused',
    usage: ['test --to NAME', 'again --to NAME'],
    explains: [
      `test: opens a marked test in the incident system NAME of the settings and resolves it. again: sends again what that system refused for good. ${operator}`,
    ],
    words: { most: 1, offers: ['test', 'again'] },
    options: { to: { ...text, takes: 'NAME', says: 'the system, as the settings name it' }, ...ofApp },
    examples: ['incident test --to pager'],
    exits: { ...exits, 1: 'the system or the app declined, or the app does not answer' },
  },
} as const satisfies Readonly<Record<string, CommandSpec>>;
