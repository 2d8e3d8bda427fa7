// The course of a remediation as phases: what it waited for, how long, and whose time that was. The bar on its page shows them.

import type { Decision, WaitReason } from '../history/decision.ts';
import type { Entry } from '../history/entries.ts';
import type { StoredEntry } from '../history/ledger.ts';

/** Whose time a phase is: Azure's (logs that come late, roles that take effect), pullmedic's own, or a person's. */
export type Whose = 'azure' | 'pullmedic' | 'person';

export interface Phase {
  readonly name: string;
  readonly whose: Whose;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The entries of one remediation, and when its failure began, as far as the log says. Milliseconds since 1970. */
export interface Course {
  readonly entries: readonly StoredEntry<Entry>[];
  readonly failedAtMs?: number;
  readonly nowMs: number;
}

/** The phases in their order. The last one of a live remediation ends now. */
export function phasesOf({ entries, failedAtMs, nowMs }: Course): readonly Phase[] {
  const [opened] = entries;
  if (opened === undefined) return [];
  const phases: Phase[] = [];
  if (failedAtMs !== undefined && failedAtMs < opened.atMs)
    phases.push({ ...undetected, fromMs: failedAtMs, toMs: opened.atMs });
  let current: Kind = diagnosing;
  let fromMs = opened.atMs;
  let closed = false;
  for (const { entry, atMs } of entries) {
    if (entry.kind === 'closed') closed = true;
    const next = kindAfter(entry, current);
    if (closed || next !== undefined) {
      add(phases, { ...current, fromMs, toMs: atMs });
      fromMs = atMs;
      current = next ?? current;
    }
    if (closed) break;
  }
  if (!closed) add(phases, { ...current, fromMs, toMs: Math.max(nowMs, fromMs) });
  return phases;
}

type Kind = Pick<Phase, 'name' | 'whose'>;

const undetected: Kind = { name: 'until it was detected', whose: 'azure' };
const diagnosing: Kind = { name: 'diagnosis', whose: 'pullmedic' };

const forTheRole: Kind = { name: 'waiting for the role', whose: 'azure' };
const afterRestart: Kind = { name: 'the pull after a restart', whose: 'azure' };

/** What follows an entry; `undefined` where the phase before goes on. */
function kindAfter(entry: Entry, before: Kind): Kind | undefined {
  if (entry.kind === 'decided') return kindOf(entry.decision, before);
  const isGranted = entry.kind === 'outcome' && entry.action === 'grant';
  return isGranted && (entry.outcome === 'done' || entry.outcome === 'already-there') ? forTheRole : undefined;
}

/** A restart that tries whether a role works belongs to the wait for that role. */
function kindOf(decision: Decision, before: Kind): Kind | undefined {
  switch (decision.do) {
    case 'grant':
      return { name: 'the grant', whose: 'pullmedic' };
    case 'restart':
      return decision.because === 'role-should-work' ? forTheRole : afterRestart;
    case 'new-revision':
    case 'start':
      return afterRestart;
    case 'ask':
      return { name: 'waiting for an answer', whose: 'person' };
    case 'incident':
      return { name: 'waiting for a person', whose: 'person' };
    case 'wait':
      return decision.because === 'restart-takes-effect' && before.name === forTheRole.name
        ? undefined
        : waits[decision.because];
    case 'close':
      return undefined;
  }
}

const waits: Readonly<Record<WaitReason, Kind | undefined>> = {
  'role-propagating': forTheRole,
  'registry-busy': { name: 'waiting for the registry', whose: 'azure' },
  'tokens-refresh': { name: 'waiting for new tokens', whose: 'azure' },
  'proving-recovery': { name: 'waiting for the log row of the pull', whose: 'azure' },
  'cause-cleared': { name: 'waiting for the next pull', whose: 'azure' },
  'proving-stability': { name: 'watching whether it stays ready', whose: 'pullmedic' },
  'no-text-yet': { name: 'waiting for log text', whose: 'azure' },
  'slow-start': { name: 'waiting after a start of pullmedic', whose: 'pullmedic' },
  'answer-lost': { name: 'waiting for the Activity Log', whose: 'azure' },
  'grant-throttled': { name: 'waiting because Azure throttled', whose: 'azure' },
  'restart-takes-effect': afterRestart,
  'next-execution': { name: 'waiting for the next execution of the job', whose: 'azure' },
  'another-image': { name: 'waiting for another image', whose: 'person' },
  'pulling-now': { name: 'waiting for a pull under way', whose: 'azure' },
  'partly-recovered': { name: 'watching until all replicas recover', whose: 'pullmedic' },
  'looking-again': undefined,
};

/** Joins a phase to the one before where it is the same, and leaves out one without any length. */
function add(phases: Phase[], phase: Phase): void {
  const last = phases.at(-1);
  if (last?.name === phase.name) phases[phases.length - 1] = { ...last, toMs: phase.toMs };
  else if (phase.toMs > phase.fromMs) phases.push(phase);
}
