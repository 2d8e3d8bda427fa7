// The promises that pullmedic keeps in every scenario, also where the file expects nothing of the kind. The judge of each engine holds
// it to this.
import type { Change, NeededGrant, ReplicaLife } from '../azure/changes.ts';
import { roleIds } from '../azure/model/assignments.ts';
import type { Entry, Histories, Remediation, Story } from './answers.ts';
import type { Failure } from './failure.ts';

/** What the promises are judged by. */
export interface Judged {
  readonly histories: Histories;
  readonly stories: readonly Story[];
  readonly changes: readonly Change[];
  readonly replicas: readonly ReplicaLife[];
  /** When the scenario ended, milliseconds since 1970. */
  readonly endedMs: number;
  /** The name of a principal, for a person to read. */
  nameOf(principalId: string): string;
}

/** Every promise that was broken; empty when all were kept. */
export function brokenPromises(judged: Judged): Failure[] {
  return [
    ...judged.changes.flatMap((change) => [
      ...restartOfWhatServed(change),
      ...restartOfWhatPulled(change),
      ...startOfAnotherKind(judged, change),
      ...needlessGrant(judged, change),
      ...unwritten(judged, change),
      ...againstNo(judged, change),
      ...givenBack(judged, change),
    ]),
    ...judged.stories.flatMap((story) => falseRecovery(judged, story)),
    ...judged.histories.remediations.flatMap((one) => leftAlone(judged, one)),
  ];
}

/** The last part of the id of what a role is assigned on. */
export function nameOfScope(scope: string): string {
  return scope.split('/').at(-1) ?? scope;
}

/** The name of a role by its id. */
export function nameOfRole(roleId: string): string {
  return Object.entries(roleIds).find(([, id]) => id === roleId)?.[0] ?? roleId;
}

function sayGrant(judged: Judged, { principalId, roleId, scope }: NeededGrant): string {
  return `${nameOfRole(roleId)} for ${judged.nameOf(principalId)} on ${nameOfScope(scope)}`;
}

function restartOfWhatServed(change: Change): Failure[] {
  const restart = restartIn(change);
  if (restart === undefined || !restart.served) return [];
  const { app, what, seen, isGroup } = restart;
  const served = isGroup ? `a container of ${seen} ran` : `${seen} had a ready replica`;
  return [{ what: `${app}: restart of a ${what} that served`, expected: 'none', seen: served }];
}

function restartOfWhatPulled(change: Change): Failure[] {
  const restart = restartIn(change);
  if (restart === undefined || !restart.pulled) return [];
  const { app, what, seen } = restart;
  return [{ what: `${app}: restart of a ${what} that was pulling and would have succeeded`, expected: 'none', seen }];
}

/** A job is started where people start it, where its last execution ended without its image, and once a day. */
function startOfAnotherKind({ changes }: Judged, change: Change): Failure[] {
  if (change.kind !== 'start') return [];
  const { app, atMs, manual, unpulled } = change;
  const before = changes.filter((one) => one.kind === 'start' && one.app === app && one.atMs < atMs).length;
  const seen = [
    ...(manual === true ? [] : ['a job that people do not start']),
    ...(unpulled ? [] : ['a job whose last execution had its image, goes on or was stopped']),
    ...(before === 0 ? [] : ['a job that was started before']),
  ];
  return seen.map((one) => ({ what: `${app}: start by pullmedic`, expected: 'none', seen: one }));
}

/** What a change restarted, of either kind, in the words of a failure. */
function restartIn(change: Change): Restarted | undefined {
  switch (change.kind) {
    case 'restart':
      return { ...change, isGroup: false, what: 'revision', seen: change.revision };
    case 'restart-group':
      return { ...change, isGroup: true, what: 'container group', seen: change.app };
    case 'grant':
    case 'new-revision':
    case 'start':
    case 'removal':
    case 'alert':
      return undefined;
  }
}

interface Restarted {
  readonly app: string;
  readonly isGroup: boolean;
  readonly what: string;
  readonly seen: string;
  readonly served: boolean;
  readonly pulled: boolean;
}

/** A replica younger than this may have come after the look that a recovery was concluded from. Milliseconds. */
const unseenReplicaMs = 10_000;

/** A recovery is one of every replica: none of them still waits for its image when the remediation is closed. */
function falseRecovery({ replicas }: Judged, { app, image, entries }: Story): Failure[] {
  const closed = entries.filter(({ kind, how }) => kind === 'closed' && how === 'recovered');
  return closed.flatMap(({ atMs }) => {
    const waiting = replicas.filter(
      (one) =>
        one.app === app &&
        one.images.includes(image) &&
        waitsAt(one, atMs) &&
        one.createdMs < atMs - unseenReplicaMs &&
        !pullsInTime(one),
    );
    if (waiting.length === 0) return [];
    return [
      { what: `${app}: replicas without the image at its recovery`, expected: 'none', seen: `${waiting.length}` },
    ];
  });
}

/** How long the replica of an execution may pull before that counts as waiting. Milliseconds. */
const pullsForMs = 5 * 60_000;

/** An execution that had only begun and pulled soon: a schedule starts one after the other. */
function pullsInTime({ ofJob, createdMs, pulledMs = Infinity }: ReplicaLife): boolean {
  return ofJob && pulledMs - createdMs < pullsForMs;
}

function waitsAt({ createdMs, pulledMs = Infinity, removedMs = Infinity }: ReplicaLife, atMs: number): boolean {
  return createdMs < atMs && atMs < removedMs && atMs < pulledMs;
}

function isSame(a: NeededGrant, b: NeededGrant): boolean {
  return a.principalId === b.principalId && a.roleId === b.roleId && a.scope === b.scope;
}

function needlessGrant(judged: Judged, change: Change): Failure[] {
  if (change.kind !== 'grant' || change.needed.some((needed) => isSame(needed, change.made))) return [];
  return [
    {
      what: 'a grant that no app needed at that moment',
      expected: change.needed.map((needed) => sayGrant(judged, needed)).join(', ') || 'none',
      seen: sayGrant(judged, change.made),
    },
  ];
}

/** Two processes read the same clock, and each rounds it down. */
const roundingMs = 100;

function grantOf({ grant, decision }: Entry): NeededGrant | undefined {
  const found = grant ?? decision?.grant;
  return found === undefined
    ? undefined
    : {
        principalId: found.principalId.toLowerCase(),
        roleId: found.roleId.toLowerCase(),
        scope: found.registryId.toLowerCase(),
      };
}

function isAbout(entry: Entry, made: NeededGrant): boolean {
  const grant = grantOf(entry);
  return grant !== undefined && isSame(grant, made);
}

/** Whether an entry is the decision that leads to a change. */
function announces(entry: Entry, story: Story, change: Change): boolean {
  const { kind, decision } = entry;
  switch (change.kind) {
    case 'grant':
      return kind === 'decided' && decision?.do === 'grant' && isAbout(entry, change.made);
    case 'restart':
      return kind === 'decided' && decision?.do === 'restart' && decision.revision === change.revision;
    case 'restart-group':
      return kind === 'decided' && decision?.do === 'restart' && story.app === change.app.toLowerCase();
    case 'new-revision':
      return kind === 'decided' && decision?.do === 'new-revision' && story.app === change.app.toLowerCase();
    case 'start':
      return kind === 'decided' && decision?.do === 'start' && story.app === change.app.toLowerCase();
    case 'removal':
      return (
        kind === 'undo-decided' &&
        entry.refusals?.length === 0 &&
        story.entries.some((one) => one.kind === 'undo-asked' && grantOf(one)?.scope === change.scope)
      );
    case 'alert':
      return (
        kind === 'alert-decided' &&
        entry.refusals?.length === 0 &&
        entry.alert?.toLowerCase() === change.alert &&
        entry.state === change.state
      );
  }
}

function sayChange(judged: Judged, change: Change): string {
  switch (change.kind) {
    case 'grant':
      return sayGrant(judged, change.made);
    case 'restart':
      return `restart of ${change.revision}`;
    case 'restart-group':
      return `restart of ${change.app}`;
    case 'new-revision':
      return `new revision of ${change.app}`;
    case 'start':
      return `start of ${change.app}`;
    case 'removal':
      return `removal of an assignment on ${nameOfScope(change.scope)}`;
    case 'alert':
      return `alert set to ${change.state}`;
  }
}

function unwritten(judged: Judged, change: Change): Failure[] {
  const written = judged.stories.some((story) =>
    story.entries.some((entry) => entry.atMs <= change.atMs + roundingMs && announces(entry, story, change)),
  );
  return written
    ? []
    : [{ what: 'a change that was not written down before', expected: 'none', seen: sayChange(judged, change) }];
}

/** The last answer to the same grant counts, whichever remediation asked. */
function againstNo(judged: Judged, change: Change): Failure[] {
  if (change.kind !== 'grant') return [];
  const answers = judged.stories
    .flatMap(({ entries }) => entries)
    .filter((entry) => entry.kind === 'answered' && entry.atMs <= change.atMs && isAbout(entry, change.made))
    .sort((a, b) => a.atMs - b.atMs);
  return answers.at(-1)?.answer === 'rejected'
    ? [{ what: 'a grant after a person said no', expected: 'none', seen: sayGrant(judged, change.made) }]
    : [];
}

/**
 * The same grant is made once: what a person took away comes back only after a person approved it. `changes` holds what took effect in
 * Azure, so a request that is sent twice for one assignment counts once.
 */
function givenBack(judged: Judged, change: Change): Failure[] {
  if (change.kind !== 'grant') return [];
  const { changes, stories } = judged;
  const { atMs, made, condition } = change;
  const before = changes
    .slice(0, changes.indexOf(change))
    .findLast((one) => one.kind === 'grant' && isSame(one.made, made) && one.condition === condition);
  if (before === undefined) return [];
  const approved = stories
    .flatMap(({ entries }) => entries)
    .some(
      (entry) =>
        entry.kind === 'answered' &&
        entry.answer === 'approved' &&
        entry.atMs > before.atMs &&
        entry.atMs <= atMs + roundingMs &&
        isAbout(entry, made),
    );
  return approved
    ? []
    : [{ what: 'a grant made again without an approval', expected: 'none', seen: sayGrant(judged, made) }];
}

/** A step may be this late before the schedule sends it again. */
const latestMs = 10 * 60_000;

/** Every remediation has ended, or a person was told what to do, or its next step is due. */
function leftAlone({ endedMs }: Judged, one: Remediation): Failure[] {
  const told = one.state === 'needs-person' && one.incident !== undefined;
  const asked = one.state === 'needs-approval' && one.approval?.state === 'pending';
  const goesOn = one.dueAtMs !== undefined && one.dueAtMs > endedMs - latestMs;
  if (one.state === 'closed' || told || asked || goesOn) return [];
  return [{ what: `${one.target.appName}: an ending, or a next step`, expected: 'one of them', seen: one.state }];
}
