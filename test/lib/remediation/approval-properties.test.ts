// For every order of signals, questions, right, wrong, late and double answers, new doubts, time, the kill switch and modes: a change rests
// on one live approval that named its question and showed every doubt, and no change is made under the kill switch.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listRemediations, type RemediationView } from '../../../src/lib/console/views.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { AssignmentFacts, RoleRemoval } from '../../../src/lib/evidence/role-facts.ts';
import { approvalLastsMs } from '../../../src/lib/history/approval.ts';
import { type Asked, askedIn, sameAsked } from '../../../src/lib/history/asked.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import type { Grant } from '../../../src/lib/history/grant.ts';
import type { StoredEntry } from '../../../src/lib/history/ledger.ts';
import { codeOf } from '../../../src/lib/history/refusals.ts';
import type { ActionAnswer } from '../../../src/lib/ports/ports.ts';
import { answerQuestion, askAgain } from '../../../src/lib/remediation/approval.ts';
import { forgetRefusal } from '../../../src/lib/remediation/forget-refusal.ts';
import type { Config } from '../../../src/lib/settings/config.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import {
  assignment,
  config,
  minute,
  nowMs,
  principal,
  pulledAgain,
  registryId,
  roleMissing,
  signal,
} from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';
import '../same-cases.ts';

const hour = 60 * minute;
type Mode = Config['mode'];

/** What happens in Azure, or what people do. */
type Happening =
  | { readonly do: 'signal' | 'recover' | 'ask-again' | 'forget' | 'switch' }
  /** The kill switch is thrown once the next write is under way, right before its last check. */
  | { readonly do: 'switch-before-write' }
  /** A person reads the question that is open. An answer is about what was read last. */
  | { readonly do: 'read' }
  | { readonly do: 'answer'; readonly answer: 'approved' | 'rejected'; readonly off: number; readonly twice: boolean }
  /** A role of the identity is taken away, of which no look knew; or a fact becomes unreadable, or readable again. */
  | { readonly do: 'doubt'; readonly of: 'removal' | 'log' | 'denials' }
  | { readonly do: 'mode'; readonly mode: Mode }
  | { readonly do: 'wait'; readonly ms: number };

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('signal' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('ask-again' as const, 'forget' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('recover' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('switch' as const, 'switch-before-write' as const) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('read' as const) }) },
  {
    weight: 7,
    arbitrary: fc.record({
      do: fc.constant('answer' as const),
      answer: fc.constantFrom('approved' as const, 'approved' as const, 'approved' as const, 'rejected' as const),
      off: fc.constantFrom(0, 0, 0, 0, -1, 1),
      twice: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('doubt' as const),
      of: fc.constantFrom('removal' as const, 'log' as const, 'denials' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('mode' as const),
      mode: fc.constantFrom<Mode>('observe', 'approve', 'approve', 'act'),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(minute, 5 * minute, 10 * minute, approvalLastsMs, 5 * hour),
    }),
  },
);

const yes = { do: 'answer', answer: 'approved', off: 0, twice: false } as const;
/** Beginnings that lead quickly to a question, and to an approval that was not used or must not be used again; then anything may happen. */
const beginnings = fc.constantFrom<readonly Happening[]>(
  [{ do: 'signal' }],
  [{ do: 'signal' }, { do: 'read' }],
  [{ do: 'doubt', of: 'removal' }, { do: 'signal' }, { do: 'read' }],
  [{ do: 'signal' }, yes, { do: 'wait', ms: 10 * minute }, { do: 'read' }],
  // The kill switch holds an approval back, until its end or once.
  [{ do: 'signal' }, { do: 'switch' }, yes, { do: 'wait', ms: approvalLastsMs }, { do: 'switch' }],
  [{ do: 'signal' }, { do: 'switch-before-write' }, yes, { do: 'switch' }],
);
const histories = fc
  .tuple(beginnings, fc.array(happening, { minLength: 4, maxLength: 14 }))
  .map(([first, then]) => [...first, ...then]);

/** A question as a person read it. */
interface Shown {
  readonly remediation: string;
  readonly question: number;
  readonly about: Asked;
  readonly doubts: readonly string[];
}

interface Yes extends Shown {
  readonly atMs: number;
  uses: number;
}

/** Azure and the people around it. It judges each write and each answer by what people saw, and keeps what is wrong in `faults`. */
class World {
  readonly running: Memory;
  readonly faults: string[] = [];
  readonly counts = { grants: 0, restarts: 0, underApproval: 0, withheld: 0, notTaken: 0 };
  readonly #config: { mode: Mode };
  #read: Shown | undefined;
  readonly #yes: Yes[] = [];
  readonly #removals: RoleRemoval[] = [];
  #assignments: AssignmentFacts[] = [];
  #logUnreadable = false;
  #denialsUnreadable = false;
  #recovered = false;
  #signals = 0;

  constructor(mode: Mode) {
    const settings = JSON.stringify({ limits: { recurrencesPerWeek: 50 } });
    const chosen = { ...config({ PULLMEDIC_MODE: mode, PULLMEDIC_SETTINGS: settings }) };
    this.#config = chosen;
    this.running = memory(chosen, roleMissing, nowMs);
    const { azure, actions } = this.running.ports;
    const unwatched = { ...actions };
    Object.assign(azure, {
      probe: async (probe: keyof Evidence) => ({ facts: { [probe]: this.#evidence()[probe] }, calls: 1 }),
    });
    Object.assign(actions, {
      grant: async (...asked: Parameters<typeof actions.grant>) =>
        this.#made({ grant: asked[0] }, await unwatched.grant(...asked)),
      restart: async (...asked: Parameters<typeof actions.restart>) =>
        this.#made({ restart: asked[1] }, await unwatched.restart(...asked)),
    });
  }

  get #nowMs(): number {
    return this.running.world.nowMs;
  }

  async happens(one: Happening): Promise<void> {
    const { world, ports } = this.running;
    switch (one.do) {
      case 'signal':
        this.#signals += 1;
        return this.running.deliver({ ...signal, id: `alert|${this.#signals}`, atMs: this.#nowMs });
      case 'recover':
        this.#recovered = !this.#recovered;
        return;
      case 'switch':
        world.killSwitch = known(!(world.killSwitch.read && world.killSwitch.value));
        return;
      case 'switch-before-write':
        world.before = (call) => {
          if (call !== 'grant.reads' && call !== 'restart.reads') return;
          world.before = () => undefined;
          world.killSwitch = known(true);
        };
        return;
      case 'ask-again':
        for (const { id } of await this.#views()) await askAgain(ports, id, { by: 'bo' });
        return this.running.settle();
      case 'forget':
        for (const { id } of await this.#views()) await forgetRefusal(ports, id, { by: 'bo', why: 'reviewed' });
        return;
      case 'read':
        this.#read = (await this.#open()) ?? this.#read;
        return;
      case 'answer':
        await this.#answer(one.answer, one.off);
        if (one.twice) await this.#answer(one.answer, one.off);
        return;
      case 'doubt':
        return this.#doubt(one.of);
      case 'mode':
        this.#config.mode = one.mode;
        return;
      case 'wait':
        return this.running.pass(one.ms);
    }
  }

  async #views(): Promise<readonly RemediationView[]> {
    return listRemediations(this.running.ports);
  }

  /** The question that the page shows as open. */
  async #open(): Promise<Shown | undefined> {
    for (const { id, approval } of await this.#views()) {
      if (approval?.state !== 'pending') continue;
      const about = askedIn(approval);
      return { remediation: id, question: approval.question, about, doubts: approval.because.map(codeOf) };
    }
    return undefined;
  }

  async #answer(answer: 'approved' | 'rejected', off: number): Promise<void> {
    this.#read ??= await this.#open();
    const read = this.#read;
    if (read === undefined) return;
    const open = await this.#open();
    // A person takes a moment: two answers never have the same instant.
    this.running.world.nowMs += 1;
    const question = read.question + off;
    const said = await answerQuestion(this.running.ports, read.remediation, { answer, question, by: 'anna' });
    if (said.kind === 'answered') {
      if (open?.question !== question) this.faults.push(`an answer to ${question} was taken; open: ${open?.question}`);
      if (answer === 'approved' && open !== undefined) this.#yes.push({ ...open, atMs: this.#nowMs, uses: 0 });
      if (off === 0) this.#read = undefined;
    } else this.counts.notTaken += 1;
    await this.running.settle();
  }

  #doubt(of: 'removal' | 'log' | 'denials'): void {
    if (of === 'log') this.#logUnreadable = !this.#logUnreadable;
    if (of === 'denials') this.#denialsUnreadable = !this.#denialsUnreadable;
    if (of !== 'removal') return;
    this.#assignments = [];
    this.running.world.nowMs += 1;
    this.#removals.push({ atMs: this.#nowMs, by: 'mallory', scope: registryId, principalId: principal });
  }

  #evidence(): Evidence {
    const now = this.#nowMs;
    const seen = this.#recovered && this.#assignments.length > 0 ? pulledAgain(roleMissing, now - minute) : roleMissing;
    return {
      ...seen,
      atMs: now,
      roles: known([...this.#assignments]),
      removals: this.#logUnreadable ? unreadable('forbidden') : known([...this.#removals]),
      denials: this.#denialsUnreadable ? unreadable('forbidden') : known([]),
    };
  }

  async #made(about: Asked, answer: ActionAnswer): Promise<ActionAnswer> {
    const faults = await this.#judge(about);
    if (answer.outcome === 'withheld') this.counts.withheld += 1;
    if (answer.outcome !== 'done') return answer;
    this.faults.push(...faults);
    const { killSwitch } = this.running.world;
    if (!killSwitch.read || killSwitch.value) this.faults.push('a write under the kill switch');
    if (this.#config.mode === 'observe') this.faults.push('a write in mode observe');
    if ('grant' in about) this.#granted(about.grant);
    else this.counts.restarts += 1;
    return answer;
  }

  #granted(grant: Grant): void {
    this.counts.grants += 1;
    this.#assignments.push(assignment(0, { roleId: grant.roleId, createdAtMs: this.#nowMs }));
  }

  /**
   * What is wrong with this change. One that something speaks against rests on the one yes to the question that its decision names, and that
   * showed all of it. The yes is used up, even if the change is withheld in the end.
   */
  async #judge(about: Asked): Promise<string[]> {
    const doubts = 'grant' in about ? this.#doubts() : [];
    if (this.#config.mode === 'approve') doubts.push('mode: approval-needed');
    if (doubts.length === 0) return [];
    this.counts.underApproval += 1;
    const entries = await this.#entries();
    const decided = entries.findLast(({ entry }) => entry.kind === 'decided')?.entry;
    const named = decided?.kind === 'decided' && 'question' in decided.decision ? decided.decision.question : undefined;
    const live = this.#yes.filter(
      (one) => one.question === named && one.uses < allowedBy(one.about) && this.#nowMs < one.atMs + approvalLastsMs,
    );
    const [only] = live;
    if (only === undefined || live.length > 1)
      return [`a change on ${live.length} live approvals; it names question ${named}`];
    only.uses += 1;
    const faults = sameAsked(only.about, about) ? [] : ['a change that the question was not about'];
    const hidden = doubts.filter((doubt) => !only.doubts.includes(doubt));
    if (hidden.length > 0) faults.push(`question ${named} did not show ${hidden.join(', ')}`);
    const askedAtMs = entries.find(({ seq }) => seq === named)?.atMs ?? 0;
    const later = this.#removals.filter(({ atMs }) => 'grant' in about && !this.#logUnreadable && atMs > askedAtMs);
    if (later.length > 0) faults.push(`question ${named} was asked before the last removal`);
    return faults;
  }

  /** What speaks against a grant now, as a question has to name it. */
  #doubts(): string[] {
    const removed = this.#removals.length > 0 && !this.#logUnreadable ? ['role-removed: taken-away'] : [];
    return [...removed, ...(this.#denialsUnreadable ? ['deny-assignment: unreadable'] : [])];
  }

  async #entries(): Promise<readonly StoredEntry<Entry>[]> {
    const all = await Promise.all(
      [...this.running.histories.all.keys()].map((one) => this.running.histories.read(one)),
    );
    return all.flat();
  }
}

/** How many changes a yes allows: one, or as many restarts as the question named. */
function allowedBy(about: Asked): number {
  return 'restart' in about ? (about.upTo ?? 1) : 1;
}

/** How often the generated histories came to each of these: else the property would say nothing. */
const seen = { grants: 0, restarts: 0, underApproval: 0, withheld: 0, notTaken: 0 };

describe('for every order of events', () => {
  it('a change that people have to allow rests on one live approval that showed every doubt, and none is made under the switch', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom<Mode>('approve', 'approve', 'act'), histories, async (mode, happenings) => {
        const world = new World(mode);
        for (const one of happenings) await world.happens(one);
        for (const name of Object.keys(seen) as (keyof typeof seen)[]) seen[name] += world.counts[name];

        expect(world.faults).toEqual([]);
      }),
      { numRuns: 200 },
    );
    expect(seen.grants).toBeGreaterThan(20);
    expect(seen.restarts).toBeGreaterThan(10);
    expect(seen.underApproval).toBeGreaterThan(20);
    expect(seen.withheld).toBeGreaterThan(3);
    expect(seen.notTaken).toBeGreaterThan(50);
  });
});
