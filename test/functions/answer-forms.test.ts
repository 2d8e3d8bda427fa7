// Forms on the pages: each acts once, for the operator to whom it was shown, on what was shown. Whatever else is sent changes nothing, and
// the person reads what to do.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formLastsMs } from '../../src/lib/answers/form-seal.ts';
import { addressOf, type Verb } from '../../src/lib/answers/verbs.ts';
import { minute, nowMs, targetId } from '../lib/facts.ts';
import '../lib/same-cases.ts';
import { adaInHistories } from './doors.ts';
import { type Desk, deskFor, type Fields, fieldsIn, intentFor, open, people, type Seen, send, verbs } from './forms.ts';

describe.each(verbs)('the form %s', (verb) => {
  const intent = intentFor(verb);

  it('says what would be done, and changes nothing by being shown', async () => {
    const desk = await deskFor(verb);
    const page = await open(desk, intent);

    expect(page.status).toBe(200);
    expect(page.text).toContain('What happens after your yes');
    expect(page.text).toContain(`<form method="post" action="/api/answers/${verb}"`);
    expect(page.text).toContain('You are signed in as ada@contoso.example');
    expect(desk.written).toEqual([]);
  });

  it('acts, and leads back to the page with what was done', async () => {
    const desk = await deskFor(verb);
    const after = await send(desk, verb, fieldsIn((await open(desk, intent)).text));

    expect(after.status).toBe(303);
    expect(after.location).toMatch(/^\/api\/(?:history\/t0+\.1|messages|now)\?said=/);
    expect(desk.written).not.toEqual([]);
  });

  it('acts once for two clicks, one after the other or at the same moment', async () => {
    const desk = await deskFor(verb);
    const fields = fieldsIn((await open(desk, intent)).text);
    const both = await Promise.all([send(desk, verb, fields), send(desk, verb, fields)]);
    const once = [...desk.written];
    const third = await send(desk, verb, fields);

    expect(both.map(({ status }) => status)).toEqual([303, 303]);
    expect(third.location).toContain(`said=${verb}.before`);
    expect(desk.written).toEqual(once);
    const alone = await deskFor(verb);
    await send(alone, verb, fieldsIn((await open(alone, intent)).text));
    expect(once).toEqual(alone.written);
  });

  it.each([
    ['without a seal', { seal: '' }],
    ['with a made-up seal', { seal: 'a'.repeat(64) }],
    ['about another subject', { of: `t${'9'.repeat(24)}.1` }],
    ['about another version', { shown: '7' }],
    ['that lasts longer than it was made for', { until: String(nowMs + 10 * formLastsMs) }],
    ['with one more member', { more: '1' }],
  ])('%s changes nothing, and says what to do', async (_, change) => {
    const desk = await deskFor(verb);
    const fields = fieldsIn((await open(desk, intent)).text);
    const after = await send(desk, verb, { ...fields, ...change });

    expect(after.status).toBeGreaterThanOrEqual(400);
    expect(after.text).toContain('Nothing was done.');
    expect(after.text).toContain('Back to the page');
    expect(desk.written).toEqual([]);
  });

  it.each(['of', 'shown', 'until', 'seal', 'why'])('without its member %s changes nothing', async (name) => {
    const desk = await deskFor(verb);
    const { [name]: _left, ...rest } = fieldsIn((await open(desk, intent)).text);

    expect((await send(desk, verb, rest)).status).toBe(400);
    expect(desk.written).toEqual([]);
  });

  it.each(verbs.filter((other) => other !== verb))('does not act as %s', async (other) => {
    const desk = await deskFor(verb);
    const fields = fieldsIn((await open(desk, intent)).text);

    expect((await send(desk, other, fields)).status).toBe(403);
    expect(desk.written).toEqual([]);
  });

  it('of one operator does not act for another', async () => {
    const desk = await deskFor(verb);
    const fields = fieldsIn((await open(desk, intent)).text);

    expect((await send(desk, verb, fields, people.bo)).status).toBe(403);
    expect(desk.written).toEqual([]);
  });

  it('acts until it expires, and not from that instant on', async () => {
    const desk = await deskFor(verb);
    const late = await deskFor(verb);
    const fields = fieldsIn((await open(desk, intent)).text);
    const lateFields = fieldsIn((await open(late, intent)).text);
    desk.running.world.nowMs += formLastsMs - 1;
    late.running.world.nowMs += formLastsMs;

    expect((await send(desk, verb, fields)).status).toBe(303);
    expect(await send(late, verb, lateFields)).toMatchObject({ status: 410 });
    expect(late.written).toEqual([]);
  });

  it.each([
    ['a reader', people.rita, 403, 'without the app role Operator'],
    ['a person without a role', people.gus, 401, 'Sign in'],
    ['a browser that is not signed in', people.nobody, 401, 'Sign in'],
  ] as const)('sent by %s changes nothing, and says why not', async (_, headers, status, words) => {
    const desk = await deskFor(verb);
    const after = await send(desk, verb, fieldsIn((await open(desk, intent)).text), headers);

    expect(after.status).toBe(status);
    expect(after.text).toContain(words);
    expect(desk.written).toEqual([]);
  });

  it('shows a reader words and no form, and brings a browser without a sign-in to it and back', async () => {
    const desk = await deskFor(verb);
    const read = await open(desk, intent, people.rita);
    const nobody = await open(desk, intent, people.nobody);

    expect(read.status).toBe(403);
    expect(read.text).toContain('so you can read and not answer');
    expect(read.text).not.toContain('<form');
    expect(nobody.status).toBe(302);
    expect(new URL(nobody.location ?? '', 'https://x.example').searchParams.get('post_login_redirect_uri')).toBe(
      addressOf(intent),
    );
  });

  it.each([
    ['of another site, as the browser says', { 'sec-fetch-site': 'cross-site' }],
    ['of a sibling host', { 'sec-fetch-site': 'same-site' }],
    ['that no page sent', { 'sec-fetch-site': 'none' }],
  ])('from a page %s changes nothing, even with a right seal', async (_, headers) => {
    const desk = await deskFor(verb);
    const after = await send(desk, verb, fieldsIn((await open(desk, intent)).text), { ...people.ada, ...headers });

    expect(after.status).toBe(403);
    expect(desk.written).toEqual([]);
  });

  it('is not made and does not act while its key cannot be read', async () => {
    const desk = await deskFor(verb);
    const fields = fieldsIn((await open(desk, intent)).text);
    desk.running.world.before = (call) => {
      if (call.startsWith('seals.')) throw new Error('no answer');
      if (/append|send|put|turnO/.test(call)) desk.written.push(call);
    };

    expect((await open(desk, intent)).status).toBe(503);
    expect((await send(desk, verb, fields)).status).toBe(503);
    expect(desk.written).toEqual([]);
  });
});

describe('an answer by a form', () => {
  it('is recorded with the person, and the reason in one line of text', async () => {
    const desk = await deskFor('approve');
    const fields = fieldsIn((await open(desk, intentFor('approve'))).text);
    await send(desk, 'approve', { ...fields, why: '  the owner\r\nagreed <script>\u202e ' });

    expect((await desk.running.histories.read(targetId)).at(-1)?.entry).toMatchObject({
      kind: 'answered',
      answer: 'approved',
      by: adaInHistories,
      why: 'the owner agreed <script>',
      question: 2,
    });
  });

  it.each<Verb>(['undo', 'undo-anyway', 'forget', 'switch-off'])(
    '%s wants a reason, of 500 characters at most',
    async (verb) => {
      const desk = await deskFor(verb);
      const fields = fieldsIn((await open(desk, intentFor(verb))).text);

      for (const why of ['', ' \n', '\u202e', 'x'.repeat(501)])
        expect((await send(desk, verb, { ...fields, why })).status).toBe(400);
      expect(desk.written).toEqual([]);
      // The form was not used up by a mistake.
      expect((await send(desk, verb, { ...fields, why: 'x'.repeat(500) })).status).toBe(303);
    },
  );

  it.each<Verb>(['approve', 'reject', 'ask', 'look', 'replay', 'dismiss', 'switch-on'])(
    '%s needs no reason',
    async (verb) => {
      const desk = await deskFor(verb);

      expect((await send(desk, verb, { ...fieldsIn((await open(desk, intentFor(verb))).text), why: '' })).status).toBe(
        303,
      );
    },
  );

  it('under the kill switch says that nothing will happen until it is off, before and after', async () => {
    for (const verb of ['approve', 'undo', 'undo-anyway'] as const) {
      const desk = await deskFor(verb);
      await desk.running.ports.controls.turnOn({ by: 'bo', atMs: nowMs });
      const page = await open(desk, intentFor(verb));
      const after = await send(desk, verb, fieldsIn(page.text));

      expect(page.text).toContain(
        'The kill switch is on. The answer is recorded, and nothing is changed until it is off.',
      );
      expect(after.location).toContain(`said=${verb}.held`);
    }
  });

  it('to a question that is no longer the open one is refused on the page and on sending, with the number of the open one', async () => {
    const desk = await deskFor('approve');
    const fields = fieldsIn((await open(desk, intentFor('approve'))).text);
    const again = await deskFor('approve');
    const [, question] = await again.running.histories.read(targetId);
    if (question === undefined) throw new Error('no question');
    const other = {
      ...question.entry,
      refusals: [
        { guard: 'mode', why: 'approval-needed' },
        { guard: 'network', why: 'cannot-tell' },
      ],
    };
    await desk.running.histories.append(targetId, 2, other as typeof question.entry);
    desk.written.length = 0;

    expect((await open(desk, intentFor('approve'))).text).toContain('Question 3 is open by now');
    const after = await send(desk, 'approve', fields);
    expect(after).toMatchObject({ status: 409, text: expect.stringContaining('Question 3 is open by now') as string });
    expect(desk.written).toEqual([]);
  });

  it('takes back a yes as long as the change was not made', async () => {
    const desk = await deskFor('approve');
    await send(desk, 'approve', fieldsIn((await open(desk, intentFor('approve'))).text));
    const page = await open(desk, intentFor('reject'));

    expect(page.text).toContain('This takes back the yes of ada@contoso.example');
    expect((await send(desk, 'reject', fieldsIn(page.text))).status).toBe(303);
    expect((await desk.running.histories.read(targetId)).at(-1)?.entry).toMatchObject({ answer: 'rejected' });
  });

  it('turns off the setting that was shown, and no later one', async () => {
    const desk = await deskFor('switch-off');
    const fields = fieldsIn((await open(desk, intentFor('switch-off'))).text);
    await desk.running.ports.controls.turnOn({ by: 'cy', atMs: nowMs });
    const after = await send(desk, 'switch-off', fields);

    expect(after).toMatchObject({ status: 409, text: expect.stringContaining('was set by cy after') as string });
    expect(desk.running.world.setting?.on).toBe(true);
  });

  it('that storage loses on the way is said to be uncertain', async () => {
    const desk = await deskFor('approve');
    const fields = fieldsIn((await open(desk, intentFor('approve'))).text);
    desk.running.world.before = (call) => {
      if (call === 'history.append') throw new Error('no answer');
    };

    expect(await send(desk, 'approve', fields)).toMatchObject({
      status: 503,
      text: expect.stringContaining('not certain whether this was recorded') as string,
    });
  });

  it('does not name what was sent in the log', async () => {
    const desk = await deskFor('approve');
    await send(desk, 'approve', { of: 'x', shown: '<b>', until: '1', seal: 'f'.repeat(64), why: 'hush' });

    expect(JSON.stringify(desk.logged)).not.toMatch(/hush|<b>/);
    expect(desk.logged.map(([event]) => event)).toContain('form-refused');
  });

  it.each(['/etc', 'approve/..', 'APPROVE', 'constructor', '__proto__', ''])(
    'has no form of the name "%s"',
    async (verb) => {
      const desk = await deskFor('approve');
      const page = await desk.send('answer', {
        address: '/api/answers/x?of=a&shown=b',
        params: { verb },
        headers: people.ada,
      });

      expect(page.status).toBe(404);
      expect((await send(desk, verb === '' ? 'x' : verb, fieldsIn(''))).status).toBe(400);
    },
  );

  it('has pages that leave the app nowhere, load nothing and name no referrer to others', async () => {
    const desk = await deskFor('approve');
    const page = await open(desk, intentFor('approve'));

    expect(page.headers['content-security-policy']).toContain("form-action 'self'");
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.headers['referrer-policy']).toBe('same-origin');
    expect(page.headers['cache-control']).toBe('no-store');
  });
});

type Step =
  | { readonly do: 'open'; readonly verb: Verb; readonly who: 'ada' | 'bo' | 'rita' }
  | {
      readonly do: 'send';
      readonly form: number;
      readonly who: 'ada' | 'bo' | 'rita' | 'nobody';
      readonly spoil: Spoil;
    }
  | { readonly do: 'wait'; readonly minutes: number };
type Spoil = 'nothing' | 'seal' | 'subject' | 'version' | 'verb' | 'site';

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('open' as const),
      verb: fc.constantFrom<Verb>('approve', 'reject', 'look', 'look', 'replay', 'dismiss', 'switch-on', 'undo'),
      who: fc.constantFrom('ada' as const, 'ada' as const, 'bo' as const, 'rita' as const),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('send' as const),
      form: fc.nat(5),
      who: fc.constantFrom('ada' as const, 'ada' as const, 'bo' as const, 'rita' as const, 'nobody' as const),
      spoil: fc.constantFrom<Spoil>('nothing', 'nothing', 'nothing', 'seal', 'subject', 'version', 'verb', 'site'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), minutes: fc.nat(20) }) },
);

/** A form that was opened, and what the model knows of it. */
interface Opened {
  readonly verb: Verb;
  readonly who: string;
  readonly untilMs: number;
  readonly fields: Fields;
  used: boolean;
}

interface Sending {
  /** True if this form may act: it is whole, in time, unused, and sent by the operator who opened it. */
  readonly may: boolean;
  readonly acted: boolean;
  /** What the person read. */
  readonly read: 'done' | 'nothing was done' | 'something else';
}

/** Opens and sends forms as the steps say. Returns what came of each that was sent. */
async function run(steps: readonly Step[]): Promise<readonly Sending[]> {
  const desk = await deskFor('approve');
  const forms: Opened[] = [];
  const sendings: Sending[] = [];
  for (const one of steps) {
    const { world } = desk.running;
    if (one.do === 'wait') world.nowMs += one.minutes * minute;
    if (one.do === 'open') {
      const fields = fieldsIn((await open(desk, intentFor(one.verb), people[one.who])).text);
      const untilMs = world.nowMs + formLastsMs;
      if ('seal' in fields) forms.push({ verb: one.verb, who: one.who, untilMs, fields, used: false });
    }
    const form = one.do === 'send' ? forms.at(one.form % Math.max(forms.length, 1)) : undefined;
    if (one.do !== 'send' || form === undefined) continue;
    const isWhole = one.spoil === 'nothing' && one.who === form.who && world.nowMs < form.untilMs;
    const before = desk.written.length;
    const { status, text } = await sendSpoiled(desk, form, one);
    const nothing = text.includes('Nothing was done.') ? 'nothing was done' : 'something else';
    const acted = desk.written.length > before;
    sendings.push({ may: isWhole && !form.used, acted, read: status === 303 ? 'done' : nothing });
    if (isWhole) form.used = true;
  }
  return sendings;
}

function sendSpoiled(desk: Desk, { verb, fields }: Opened, { spoil, who }: Step & { do: 'send' }): Promise<Seen> {
  const changes: Readonly<Partial<Record<Spoil, Fields>>> = {
    seal: { seal: '0'.repeat(64) },
    subject: { of: 'other' },
    version: { shown: 'other' },
  };
  const other = verbs[(verbs.indexOf(verb) + 1) % verbs.length] ?? verb;
  const site = spoil === 'site' ? { 'sec-fetch-site': 'cross-site' } : {};
  return send(desk, spoil === 'verb' ? other : verb, { ...fields, ...changes[spoil] }, { ...people[who], ...site });
}

describe('whatever is opened, sent, spoiled and repeated, in any order', () => {
  it('only a form that is whole acts, for the operator who opened it, in its time, and once', async () => {
    const all: Sending[] = [];
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25, size: 'max' }), async (steps) => {
        const sendings = await run(steps);
        all.push(...sendings);
        expect(sendings.filter(({ may, acted }) => acted && !may)).toEqual([]);
        expect(sendings.filter(({ acted, read }) => !acted && read === 'something else')).toEqual([]);
      }),
      { numRuns: 150 },
    );
    // The rules would hold for forms that never act, too.
    expect(all.filter(({ acted }) => acted).length).toBeGreaterThan(50);
    expect(all.filter(({ acted }) => !acted).length).toBeGreaterThan(50);
  });
});
