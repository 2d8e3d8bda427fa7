// What the deployment remembers of one principal on one registry: which grants people refused, who was seen with access, what was removed.
// It holds for every app, every image and every signal of that pair, and unlike the Activity Log it neither forgets nor lags.

import type { RegistryFacts } from '../evidence/registry-facts.ts';
import type { ArmId, PrincipalId, Scope } from '../words/arm-id.ts';
import type { Fact } from '../words/fact.ts';
import type { RemediationId } from '../words/target.ts';
import { type Grant, sameGrant } from './grant.ts';
import type { StoredEntry } from './ledger.ts';

/** The pair that a memory is about. It has one partition of the deployment's ledger. */
export interface AccessPair {
  readonly registryId: ArmId;
  readonly principalId: PrincipalId;
}

/** How a question came to a no: a person rejected it, or it expired without an answer. */
export type RefusedHow = 'rejected' | 'unanswered';

/** The entries of one pair, as the store keeps them. Stored members keep their names for ever. */
export type AccessEntry =
  | {
      /** A person said no to this grant, or let the question expire. It binds every app and image of the pair. */
      readonly kind: 'grant-refused';
      readonly grant: Grant;
      readonly how: RefusedHow;
      /** Who rejected it; absent where no person answered. */
      readonly by?: string;
      readonly remediation: RemediationId;
      readonly app: ArmId;
    }
  /** A person approved this very grant. It outweighs what speaks against the grant up to this moment, and nothing that comes later. */
  | { readonly kind: 'grant-approved'; readonly grant: Grant; readonly by: string; readonly remediation: RemediationId }
  /** A person had the refusals of the pair forgotten, and said why. */
  | (AccessPair & { readonly kind: 'refusal-forgotten'; readonly by: string; readonly why: string })
  | (AccessPair & {
      /** A look, of whichever app, found a role that lets the principal pull from the registry. */
      readonly kind: 'access-sighted';
      readonly app: ArmId;
      /** The role assignment that gave the access, and the mode of the registry in which it did. */
      readonly assignment: string;
      readonly roleMode: RegistryFacts['roleMode'];
    })
  | (AccessPair & {
      /** The Activity Log told of a removal. It keeps that for a limited time, and looks read only its last days. */
      readonly kind: 'role-removal-seen';
      readonly removedAtMs: number;
      readonly by: string;
      readonly scope: Scope;
      readonly whose: RemovedFrom;
    })
  | {
      /** This grant is about to be made: the entry comes first, so that no refusal can slip in between. */
      readonly kind: 'grant-made';
      readonly grant: Grant;
      readonly remediation: RemediationId;
      readonly app: ArmId;
    }
  /** The answer to the grant that this remediation announced last was lost, and it is not there: it may have been made and removed. */
  | { readonly kind: 'grant-not-found'; readonly remediation: RemediationId }
  /** The grant that this remediation announced last, and that was not there at first, is there. */
  | { readonly kind: 'grant-found'; readonly remediation: RemediationId }
  /** The grant that this remediation announced last was not made after all. */
  | { readonly kind: 'grant-not-made'; readonly remediation: RemediationId; readonly because: string };

/** `named`: the log names the principal of the pair. `cannot-tell`: it may have been a role of the pair, for instance of a group. */
export type RemovedFrom = 'named' | 'cannot-tell';

/** What the entries of one pair add up to. */
export interface AccessMemory {
  /** Refusals that no person has had forgotten, oldest first. An approval of the very grant outweighs them: see {@link lastRefusal}. */
  readonly refused: readonly RefusedGrant[];
  /** When a person last had the refusals forgotten. */
  readonly forgottenAtMs?: number;
  readonly approved: readonly ApprovedGrant[];
  readonly sighted?: Sighting;
  /** The last removal of each kind. */
  readonly removals: readonly SeenRemoval[];
  /** Grants that were announced and, as far as is known, made; oldest first. */
  readonly made: readonly MadeBefore[];
  readonly lastSeq: number;
}

export interface RefusedGrant {
  readonly grant: Grant;
  readonly how: RefusedHow;
  readonly by?: string;
  readonly remediation: RemediationId;
  readonly app: ArmId;
  readonly atMs: number;
  /** The number of its entry; absent for a refusal that stands in the history of a target alone. */
  readonly seq?: number;
}

export interface ApprovedGrant {
  readonly grant: Grant;
  readonly by: string;
  readonly remediation: RemediationId;
  readonly atMs: number;
  /** The number of its entry. */
  readonly seq: number;
}

export interface Sighting {
  readonly app: ArmId;
  readonly assignment: string;
  readonly roleMode: RegistryFacts['roleMode'];
  readonly atMs: number;
}

export interface SeenRemoval {
  readonly removedAtMs: number;
  readonly by: string;
  readonly scope: Scope;
  readonly whose: RemovedFrom;
}

export interface MadeBefore {
  readonly grant: Grant;
  readonly remediation: RemediationId;
  readonly app: ArmId;
  readonly atMs: number;
  /** When it was not there after its answer was lost: from then on it is in doubt whether it was made and removed, or never made. */
  readonly notFoundAtMs?: number;
}

/** The memory of a pair without entries. */
export const nothingRemembered: AccessMemory = { refused: [], approved: [], removals: [], made: [], lastSeq: 0 };

/** What is remembered; nothing where that could not be read. Use it only beside a guard that refuses where it could not be read. */
export function memoryOf(access: Fact<AccessMemory>): AccessMemory {
  return access.read ? access.value : nothingRemembered;
}

/** Adds up the entries of one pair. */
export function foldAccess(entries: readonly StoredEntry<AccessEntry>[]): AccessMemory {
  return entries.reduce(withEntry, nothingRemembered);
}

function withEntry(memory: AccessMemory, stored: StoredEntry<AccessEntry>): AccessMemory {
  return { ...memory, ...changedBy(memory, stored), lastSeq: stored.seq };
}

function changedBy(memory: AccessMemory, { seq, atMs, entry }: StoredEntry<AccessEntry>): Partial<AccessMemory> {
  switch (entry.kind) {
    case 'grant-refused': {
      const { kind: _kind, ...refused } = entry;
      return { refused: [...memory.refused, { ...refused, atMs, seq }] };
    }
    case 'grant-approved': {
      const { grant, by, remediation } = entry;
      return { approved: [...memory.approved, { grant, by, remediation, atMs, seq }] };
    }
    case 'refusal-forgotten':
      return { refused: [], forgottenAtMs: atMs };
    case 'access-sighted': {
      const { app, assignment, roleMode } = entry;
      return { sighted: { app, assignment, roleMode, atMs } };
    }
    case 'role-removal-seen': {
      const { removedAtMs, by, scope, whose } = entry;
      const others = memory.removals.filter((one) => one.whose !== whose);
      return { removals: [...others, { removedAtMs, by, scope, whose }] };
    }
    case 'grant-made': {
      const { grant, remediation, app } = entry;
      return { made: [...memory.made, { grant, remediation, app, atMs }] };
    }
    case 'grant-not-found':
      return { made: changedLast(memory, entry.remediation, (one) => [{ ...one, notFoundAtMs: atMs }]) };
    case 'grant-found':
      return { made: changedLast(memory, entry.remediation, ({ notFoundAtMs: _doubt, ...one }) => [one]) };
    case 'grant-not-made':
      return { made: changedLast(memory, entry.remediation, () => []) };
  }
}

/** All grants, with a change to the one that this remediation announced last. */
function changedLast(
  { made }: AccessMemory,
  remediation: RemediationId,
  change: (one: MadeBefore) => readonly MadeBefore[],
): readonly MadeBefore[] {
  const at = made.findLastIndex((one) => one.remediation === remediation);
  return made.flatMap((one, index) => (index === at ? change(one) : [one]));
}

/**
 * The last refusal that binds this grant: no approval of the very grant came after it. It binds both pull roles, because a registry that
 * changes its mode does not turn a no into a yes. Entries of the memory are compared by their numbers, because the clocks of two hosts
 * differ. `alsoApprovedAtMs`: an approval that only the history of the remediation holds.
 */
export function lastRefusal(memory: AccessMemory, grant: Grant, alsoApprovedAtMs = 0): RefusedGrant | undefined {
  const approved = memory.approved.findLast((one) => sameGrant(one.grant, grant));
  return memory.refused.findLast((one) => one.atMs >= alsoApprovedAtMs && isAfter(one, approved));
}

function isAfter({ atMs, seq }: RefusedGrant, approved: ApprovedGrant | undefined): boolean {
  if (approved === undefined) return true;
  return seq === undefined ? atMs >= approved.atMs : seq > approved.seq;
}
