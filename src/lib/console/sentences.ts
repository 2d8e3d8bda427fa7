// A remediation's codes as sentences, beside the codes in the JSON: programs compare codes, and people read sentences.
import type { Label } from '../classify/classify.ts';
import { sayBinding } from '../history/binding-refusal.ts';
import { sayFor } from '../workloads/sentences.ts';
import { sayGrantPending } from './grant-words.ts';
import { sayVia } from './via-words.ts';
import type { RemediationView } from './views.ts';
import { sayCause, sayCauseReads, sayClose, sayRefusalCode, sayWait } from './words.ts';

/** Each member says in words what the member of the remediation with the same meaning says as a code. */
export interface Sentences {
  readonly startedBy: string;
  /** What the text of the log claims. */
  readonly suspicion?: string;
  readonly causes: readonly string[];
  /** How the cause read to the last look; absent where the app did not serve. */
  readonly causeReads?: string;
  /** What it waits for; absent where it does not wait. */
  readonly waits?: string;
  /** That pullmedic made the grant and it is not in effect yet. */
  readonly granted?: string;
  /** Why it does not do what it would do. */
  readonly refusals: readonly string[];
  /** Who said no to the grant, when, and how a person says otherwise. */
  readonly bound?: string;
  /** Why each action came to its outcome, in the order of the actions; empty text where no reason was recorded. */
  readonly actions: readonly string[];
  readonly closed?: string;
}

/** Half a sentence for what a text claims; docs/classify.md says what each label means. */
const claims: Readonly<Record<Label, string>> = {
  unauthorized: 'unauthorized',
  'identity-token': 'no token for the identity',
  'manifest-unknown': 'no such image',
  dns: 'the name of the registry does not resolve',
  network: 'the registry does not answer',
  firewall: 'the firewall refuses this address',
  'rate-limited': 'too many requests',
  'registry-unavailable': 'the registry fails',
  tls: 'no trusted TLS connection',
  'platform-mismatch': 'no image for this platform',
  'invalid-reference': 'the image reference is not valid',
  'image-invalid': 'the image is broken',
  'refused-by-policy': 'a policy refuses the image',
  'no-space': 'no space is left on the disk',
  'unknown-pull-failure': 'a pull failed, without a reason',
  'not-a-pull-failure': 'nothing about a failed pull',
};

/** What Azure answered to a change, where it was not made. */
const whyNot: Readonly<Partial<Record<string, string>>> = {
  failed: 'the change failed',
  refused: 'Azure refused it',
  throttled: 'Azure throttled it',
  conflict: 'another operation on the app was under way',
  'principal-not-found': 'the directory does not know the identity',
};

export function sentencesOf(view: RemediationView): Sentences {
  const { decision, closed } = view;
  const of = view.target.appId;
  const granted = sayGrantPending([view]);
  return {
    startedBy: sayVia(view.startedBy),
    ...(view.suspicion === undefined ? {} : { suspicion: claims[view.suspicion] }),
    causes: view.causes.map((cause) => sayCause(cause, of)),
    ...(view.causeReads === undefined ? {} : { causeReads: sayCauseReads(view.causeReads, of) }),
    ...(decision?.do === 'wait' ? { waits: sayWait(decision.because, of) } : {}),
    ...(granted === undefined ? {} : { granted }),
    refusals: view.refusals.map((code) => sayRefusalCode(code, of)),
    ...(view.bound === undefined ? {} : { bound: sayBinding(view.bound) }),
    actions: view.actions.map(({ because }) =>
      because === undefined ? '' : sayFor(of, whyNot[because] ?? sayRefusalCode(because)),
    ),
    ...(closed === undefined ? {} : { closed: sayClose(closed.because, of) }),
  };
}
