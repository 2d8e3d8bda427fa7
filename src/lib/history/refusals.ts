// Refusals as a history records them: which guard refused a change, and why.

/** Every guard and the reasons that it gives. Each has its words on the page and its line in docs/guards.md. */
export const reasons = {
  mode: ['observe', 'approval-needed'],
  approval: ['rejected', 'expired'],
  'refused-before': ['rejected', 'unanswered', 'unreadable'],
  'cause-not-proved': ['suspected'],
  'kill-switch': ['on', 'unreadable'],
  scope: ['outside'],
  'registry-not-opted-in': ['not-configured'],
  'registry-denies': ['tag', 'unreadable'],
  'consumer-not-listed': ['nobody-is', 'not-this-app'],
  'not-the-declared-identity': [
    'another-principal',
    'wrong-role',
    'gone',
    'existence-unreadable',
    'not-assigned',
    'no-principal',
    'credential',
    'not-configured',
    'cannot-tell',
  ],
  'another-tenant': ['identity', 'unreadable'],
  'identity-shared': ['too-many', 'outside-consumers', 'cannot-complete', 'federated', 'unreadable'],
  'role-removed': [
    'taken-away',
    'too-young',
    'had-access',
    'cannot-tell-whose',
    'answer-lost',
    'unreadable',
    'undone',
    'undone-unreadable',
  ],
  'deny-assignment': ['applies', 'cannot-tell', 'unreadable'],
  network: ['blocks', 'cannot-tell'],
  'evidence-too-old': ['minutes'],
  superseded: ['changed', 'unreadable', 'template-differs', 'granted-meanwhile'],
  'did-not-last': ['granted-before'],
  'failed-before': ['failed', 'refused', 'throttled', 'conflict', 'unreadable', 'principal-not-found', 'not-made'],
  'target-limit': ['grants-per-day'],
  'restart-limit': ['revision', 'app', 'retries', 'same-rung', 'busy', 'unreadable'],
  'recurrence-limit': ['came-back'],
  'hourly-limit': ['reached', 'busy', 'unreadable'],
  breaker: ['unproven-grants', 'probe-pending'],
  'slow-start': ['reached', 'unreadable'],
  'never-restarted': ['job', 'group', 'group-without-consent', 'group-lives', 'group-ended'],
  'another-image': ['missing', 'unreadable'],
  'start-again': [
    'off',
    'not-manual',
    'started-before',
    'started-since',
    'stopped',
    'suspended',
    'may-have-run',
    'unreadable',
  ],
  'healthy-replicas': ['serving', 'starting', 'worked', 'unreadable'],
  'pull-under-way': ['pulling', 'too-long', 'unreadable'],
  'traffic-pinned': ['several-revisions', 'weights', 'unreadable'],
  undo: ['off', 'nothing-made', 'not-what-was-made', 'others-rely', 'reliance-unreadable'],
  'alert-state': [
    'another-subscription',
    'unreadable',
    'gone',
    'another-alert',
    'another-rule',
    'another-app',
    'another-trouble',
    'cannot-tell-which-app',
    'not-fired',
    'already-so',
    'closed',
    'set-back',
    'still-needed',
  ],
} as const;

export type GuardName = keyof typeof reasons;

export type Reason<Name extends GuardName> = (typeof reasons)[Name][number];

export const guardNames = Object.keys(reasons) as readonly GuardName[];

export interface RefusalOf<Name extends GuardName> {
  readonly guard: Name;
  readonly why: Reason<Name>;
  /** When the newest removal was that it is about. A later removal is another doubt. Refusals of older versions do not say. */
  readonly removedAtMs?: number;
}

/** Why a change was not made. `why` is a code within the guard. */
export type Refusal = { [Name in GuardName]: RefusalOf<Name> }[GuardName];

/** A guard and its reason in one: what an outcome that was withheld says. */
export type RefusalCode = { [Name in GuardName]: `${Name}: ${Reason<Name>}` }[GuardName];

/** The outcome of a change that was not made because of this refusal. */
export function withheldBy(refusal: Refusal): { readonly outcome: 'withheld'; readonly because: RefusalCode } {
  return { outcome: 'withheld', because: codeOf(refusal) };
}

export function codeOf({ guard, why }: Refusal): RefusalCode {
  // Both members come from one entry of the table.
  return `${guard}: ${why}` as RefusalCode;
}
