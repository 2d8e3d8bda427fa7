// The seals of the forms on the pages: what proves that pullmedic itself made a form, for the person who sends it.

import type { Fact } from '../words/fact.ts';

/** Seals texts, tells its own seals from others, and lets each seal count once. All instances share one key, which never leaves the store. */
export interface FormSeals {
  readonly seals: {
    /** The seal of this text: 64 hex digits. Unreadable where the key can be neither read nor made; then no form is made. */
    seal(text: string): Promise<Fact<string>>;
    /** True if this is the seal of this text. Unreadable where the key cannot be read; then no form acts. */
    isSealOf(text: string, seal: string): Promise<Fact<boolean>>;
    /**
     * Uses the seal up, for all instances. `used-before`: another request was first. It has to be remembered until this instant, when the
     * form expires. Throws when the store cannot be reached.
     */
    useUp(seal: string, untilMs: number): Promise<'used-up' | 'used-before'>;
  };
}
