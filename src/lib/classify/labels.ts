// The labels for the claim of a text, and the result of a classification.

/** Every label, in the order of the documentation: docs/classify.md says what each one means. */
export const labels = [
  'unauthorized',
  'identity-token',
  'manifest-unknown',
  'dns',
  'network',
  'firewall',
  'rate-limited',
  'registry-unavailable',
  'tls',
  'platform-mismatch',
  'invalid-reference',
  'image-invalid',
  'refused-by-policy',
  'no-space',
  'unknown-pull-failure',
  'not-a-pull-failure',
] as const;
export type Label = (typeof labels)[number];

export interface Suspicion {
  readonly label: Label;
  /** The name of the row of the rule table that matched. */
  readonly rule: string;
  /** The matched words, capped and without control characters. */
  readonly words: string;
  readonly image?: string;
  /** The registry that the text is about. Beside an image it is another one than the image's where the text says that this one was asked. */
  readonly registry?: string;
  readonly tag?: string;
  readonly refusedIp?: string;
  readonly httpStatus?: number;
  readonly identity?: string;
  /** The work that the registry refused, where that was not a pull: a program's push, or a build. The label says the reason. */
  readonly refused?: 'push' | 'build';
}

/** The columns that a system log has next to its text, under whichever name. */
export interface LogColumns {
  readonly reason?: string;
  readonly type?: string;
  readonly eventSource?: string;
}
