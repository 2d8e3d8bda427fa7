// The seal of a form: for one person, one intent and one time, and never for a time that is too long.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkSeal, formLastsMs, type Sealed, sealForm } from '../../../src/lib/answers/form-seal.ts';
import type { Intent } from '../../../src/lib/answers/verbs.ts';
import { minute, nowMs } from '../facts.ts';
import { memoryFormSeals } from '../memory-form-seals.ts';
import '../same-cases.ts';

const intent: Intent = { verb: 'approve', subject: 't1', shown: '2' };

function clocked() {
  const ports = { atMs: nowMs, now: () => ports.atMs, seals: memoryFormSeals() };
  return ports;
}

async function sealed(ports: ReturnType<typeof clocked>, person = 'ada'): Promise<Sealed> {
  const made = await sealForm(ports, person, intent);
  if (!made.read) throw new Error(made.why);
  return made.value;
}

describe('a sealed form', () => {
  it('is ours until it expires', async () => {
    const ports = clocked();
    const form = await sealed(ports);

    expect(await checkSeal(ports, 'ada', intent, form)).toBe('ours');
    ports.atMs = nowMs + formLastsMs - 1;
    expect(await checkSeal(ports, 'ada', intent, form)).toBe('ours');
    ports.atMs = nowMs + formLastsMs;
    expect(await checkSeal(ports, 'ada', intent, form)).toBe('expired');
  });

  it('that an instance sealed whose clock is a minute ahead is ours, and one of a clock further ahead is not', async () => {
    const ports = clocked();
    ports.atMs = nowMs + minute;
    const [near, far] = [await sealed(ports), ((ports.atMs += 1), await sealed(ports))];
    ports.atMs = nowMs;

    expect(await checkSeal(ports, 'ada', intent, near)).toBe('ours');
    expect(await checkSeal(ports, 'ada', intent, far)).toBe('expired');
  });

  it('says that it is not ours before it says that it has expired', async () => {
    const ports = clocked();
    const form = await sealed(ports);
    ports.atMs = nowMs + formLastsMs;

    expect(await checkSeal(ports, 'bo', intent, form)).toBe('not-ours');
  });

  it('cannot be checked, and is not made, while the key cannot be read', async () => {
    const ports = clocked();
    const form = await sealed(ports);
    const dark = {
      ...ports,
      seals: memoryFormSeals(() => {
        throw new Error('no answer');
      }),
    };

    expect(await checkSeal(dark, 'ada', intent, form)).toBe('unreadable');
    expect((await sealForm(dark, 'ada', intent)).read).toBe(false);
  });

  it('of one list of parts fits no other list, whatever characters the parts have', async () => {
    const ports = clocked();
    const parts = fc.tuple(fc.string(), fc.string(), fc.string(), fc.integer({ min: nowMs, max: nowMs + minute }));
    await fc.assert(
      fc.asyncProperty(
        parts,
        parts,
        async ([who, subject, shown, untilMs], [otherWho, otherSubject, otherShown, otherMs]) => {
          const one = { ...intent, subject, shown };
          const seals: string[] = [];
          const noted = {
            now: ports.now,
            seals: {
              ...ports.seals,
              isSealOf: async (text: string) => (seals.push(text), { read: true, value: true } as const),
            },
          };
          await checkSeal(noted, who, one, { untilMs, seal: '' });
          await checkSeal(
            noted,
            otherWho,
            { ...one, subject: otherSubject, shown: otherShown },
            { untilMs: otherMs, seal: '' },
          );
          const same = who === otherWho && subject === otherSubject && shown === otherShown && untilMs === otherMs;
          expect(seals[0] === seals[1]).toBe(same);
        },
      ),
    );
  });
});
