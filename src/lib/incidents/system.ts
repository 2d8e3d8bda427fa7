// The port of an incident system: what pullmedic asks of every system that tells people, whichever it is.

import type { IncidentFacts, QuestionFacts } from './incident-facts.ts';
import type { RemediationFacts } from './remediation-facts.ts';

/**
 * One system. Every call is made at least once: after a call without an answer the same call comes again with `again`. No call throws for
 * what a system answers.
 */
export interface IncidentSystem {
  /** After an incident ended, how long it is reopened in this system when it comes back. Later, it is opened anew. Milliseconds. */
  readonly reopenWindowMs: number;
  /** After a write without an answer, how long `find` may still miss what was written. Milliseconds. */
  readonly findLagMs: number;
  /**
   * Looks for what an earlier `open` made. A system without it either deduplicates by our key or by the id of the delivery, or has
   * nothing to look in.
   */
  find?(telling: Telling): Promise<Found>;
  open(telling: Telling): Promise<Told>;
  /** Asks what became of a call that the system took in without doing it yet. */
  settle?(receipt: string): Promise<Told>;
  update(telling: Telling, external: External): Promise<Told>;
  resolve(telling: Telling, external: External): Promise<Told>;
  reopen(telling: Telling, external: External): Promise<Told>;
  /** Announces a question, or reminds people of it: `question.stage` says which. */
  ask(telling: QuestionTelling, external: External): Promise<Told>;
  /** A question was answered, or expired without an answer. */
  answered(telling: QuestionTelling, external: External): Promise<Told>;
  /** Tells of a remediation. Only systems for programs have it: most remediations need no person. */
  remediation?(telling: RemediationTelling): Promise<Told>;
}

export interface Telling {
  /** Names the incident in every system. The same for all calls about one opening, another one when it is opened anew. At most 60 letters. */
  readonly key: string;
  /** The same for every try of one call, so that a receiver can tell a repetition. Letters, digits, `-` and `.`; at most 120. */
  readonly delivery: string;
  /** When the call was first tried. Milliseconds. */
  readonly atMs: number;
  /** An earlier try had no answer: it may have taken effect. */
  readonly again: boolean;
  readonly facts: IncidentFacts;
  /** A person tries the system: what is told is marked as a test. */
  readonly test?: true;
}

export interface QuestionTelling extends Telling {
  readonly question: QuestionFacts;
  readonly stage: 'asked' | 'reminded' | 'answered' | 'expired';
}

/** What is told of one remediation. `key`, `delivery`, `atMs` and `again` are as in {@link Telling}. */
export interface RemediationTelling extends Pick<Telling, 'key' | 'delivery' | 'atMs' | 'again'> {
  readonly says: 'opened' | 'asks' | 'closed';
  readonly facts: RemediationFacts;
  /** What it asks. */
  readonly question?: QuestionFacts;
}

/** How a system names what it keeps for an incident: `id`, and what else it needs to find it again. Stored; never a secret. */
export interface External {
  readonly id: string;
  /** Where people see it. */
  readonly url?: string;
  readonly more?: Readonly<Record<string, string>>;
}

/** `nothing`: the system certainly has none. */
export type Found =
  | { readonly kind: 'found'; readonly external: External }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'failed'; readonly failure: Failure };

export type Told =
  | { readonly kind: 'told'; readonly external?: External }
  /** It will be done later: `receipt` names it to `settle`. */
  | { readonly kind: 'accepted'; readonly receipt: string }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** `detail` is a status or a code of the system, never a text, an address or a secret. */
export type Failure =
  /** Our key, token or right is wrong: nothing that we send will be taken. */
  | { readonly why: 'key-refused'; readonly detail: string }
  /** The system asks us to wait; without `waitMs` it does not say how long. Certainly nothing was done. */
  | { readonly why: 'throttled'; readonly waitMs?: number; readonly detail: string }
  /** The system refuses this message, and would refuse it again. */
  | { readonly why: 'message-refused'; readonly detail: string }
  /** No answer, or an error of the system: it may have taken effect. */
  | { readonly why: 'no-answer'; readonly detail: string }
  /** The receiver wants nothing from us any more. */
  | { readonly why: 'switched-off'; readonly detail: string }
  /** What was opened is not there any more: a person deleted it. */
  | { readonly why: 'gone'; readonly detail: string };

/** How an adapter reaches the network. */
export interface Outside {
  /** Sends one request, once. Follows no redirect. Never throws. */
  send(request: OutsideRequest): Promise<OutsideAnswer>;
  /** Publishes one event to the Event Grid topic of this address, once, signed in with pullmedic's own identity. Never throws. */
  publish(topic: string, event: CloudEvent): Promise<OutsideAnswer>;
  /** HMAC-SHA-256 of the text, in base64. The key is base64 too. */
  hmac(keyBase64: string, text: string): string;
  now(): number;
}

/** CloudEvents 1.0, in the JSON format. */
export interface CloudEvent {
  readonly specversion: '1.0';
  /** The same for every try of one call. */
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  /** ISO 8601. */
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly data: Readonly<Record<string, unknown>>;
}

export interface OutsideRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Signs the request in with pullmedic's own identity for this scope, such as `https://management.azure.com/.default`. */
  readonly identityScope?: string;
}

export type OutsideAnswer =
  | {
      readonly kind: 'answer';
      readonly status: number;
      /** Value of `Retry-After` in milliseconds, as seconds or as a date; absent where it is missing or cannot be read. */
      readonly retryAfterMs?: number;
      /** Names in lower case. */
      readonly headers: Readonly<Record<string, string>>;
      /** At most 1 MB of it. */
      readonly body: string;
    }
  /** `code`: of the socket or of the time-out. */
  | { readonly kind: 'no-answer'; readonly code: string };

/** The failure that an answer means in most systems; `undefined` for a status from 200 to 299. A system reads its exceptions first. */
export function failureOf(answer: OutsideAnswer): Failure | undefined {
  if (answer.kind === 'no-answer') return { why: 'no-answer', detail: answer.code };
  const { status, retryAfterMs } = answer;
  const detail = `HTTP ${status}`;
  if (status >= 200 && status < 300) return undefined;
  if (status === 401 || status === 403) return { why: 'key-refused', detail };
  if (status === 429)
    return { why: 'throttled', detail, ...(retryAfterMs === undefined ? {} : { waitMs: retryAfterMs }) };
  if (status === 408 || status >= 500) return { why: 'no-answer', detail };
  return { why: 'message-refused', detail };
}

/** What became of a call that failed so, or did not fail. `external` names what the system keeps, where the call tells that. */
export function toldUnless(failure: Failure | undefined, external?: External): Told {
  if (failure !== undefined) return { kind: 'failed', failure };
  return external === undefined ? { kind: 'told' } : { kind: 'told', external };
}

/** A request with a body of JSON, or without a body where there is none to send. */
export function jsonRequest(
  method: OutsideRequest['method'],
  url: string,
  headers: Readonly<Record<string, string>>,
  body?: unknown,
): OutsideRequest {
  if (body === undefined) return { method, url, headers };
  return { method, url, headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** The body of an answer as JSON; `undefined` where it is none. */
export function jsonOf(answer: OutsideAnswer): unknown {
  if (answer.kind !== 'answer') return undefined;
  try {
    return JSON.parse(answer.body) as unknown;
  } catch {
    return undefined;
  }
}
