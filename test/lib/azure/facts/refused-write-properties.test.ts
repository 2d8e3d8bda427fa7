// For every order of writes that Azure accepts or refuses, of removals, and of days without a look: whether a remediation of a refused write
// ends, and that its words are true.
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readGroup, readGroupRuns } from '../../../../src/lib/azure/facts/group-facts.ts';
import { targetWithdrawn } from '../../../../src/lib/decision/ending-rules.ts';
import { notTriedAgainMs } from '../../../../src/lib/decision/refused-write.ts';
import type { Evidence } from '../../../../src/lib/evidence/evidence.ts';
import { readsOnce } from '../../../../src/lib/evidence/once.ts';
import { targetOf } from '../../../../src/lib/words/target.ts';
import { groupId, nowMs, roleMissing } from '../../facts.ts';
import { decisionInput } from '../../situations.ts';
import { clientsOver } from '../clients-over.ts';

const hour = 3_600_000;
const day = 24 * hour;
/** Azure keeps the Activity Log for 90 days, and pullmedic asks for a day less. */
const reachMs = 89 * day;

const asked = 'acrshop.azurecr.io/shop/orders:v2';
const images = [asked, 'acrshop.azurecr.io/shop/orders:v3'] as const;

const step = fc.record({
  afterHours: fc.integer({ min: 1, max: 10 * 24 }),
  does: fc.constantFrom('accepted', 'refused', 'refused-without-image', 'deleted'),
  image: fc.constantFrom(...images),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
type Done = Omit<Step, 'afterHours'> & { readonly atMs: number };

const stories = fc.record({
  /** What runs before the refused write that the remediation is about; `null` where there is no group. */
  before: fc.option(fc.constant(images[1])),
  steps: fc.array(step, { maxLength: 6 }),
  /** How long after the last step the look is. */
  lookAfterHours: fc.oneof(fc.integer({ min: 1, max: 8 * 24 }), fc.integer({ min: 1, max: 120 * 24 })),
});

/** Everything that happened, the refused write of the remediation first. */
function historyOf({ steps }: { readonly steps: readonly Step[] }): Done[] {
  let atMs = nowMs;
  const first: Done = { does: 'refused', image: asked, atMs };
  return [first, ...steps.map(({ afterHours, ...one }) => ({ ...one, atMs: (atMs += afterHours * hour) }))];
}

/** The image of the group after all that. */
function runsAfter(before: string | null, done: readonly Done[]): string | null {
  const last = done.findLast(({ does }) => does === 'accepted' || does === 'deleted');
  return last === undefined ? before : last.does === 'accepted' ? last.image : null;
}

function entryOf({ does, image, atMs }: Done): object {
  const said =
    does === 'refused'
      ? { code: 'InaccessibleImage', message: `The image '${image}' in container group 'cg-orders' is not accessible.` }
      : {
          code: 'RegistryErrorResponse',
          message: "An error response is received from the docker registry 'index.docker.io'.",
        };
  const failed = does.startsWith('refused');
  return {
    eventTimestamp: new Date(atMs).toISOString(),
    operationName: { value: `Microsoft.ContainerInstance/containerGroups/${does === 'deleted' ? 'delete' : 'write'}` },
    status: { value: failed ? 'Failed' : 'Succeeded' },
    ...(failed ? { properties: { statusMessage: JSON.stringify({ error: said }) } } : {}),
  };
}

function groupWith(image: string): object {
  return {
    id: groupId,
    properties: {
      provisioningState: 'Succeeded',
      containers: [{ name: 'app', properties: { image } }],
      instanceView: { state: 'Running' },
    },
  };
}

/** What a look at this instant decides about the end of the remediation. */
async function lookAt(atMs: number, runs: string | null, done: readonly Done[]): Promise<string> {
  vi.setSystemTime(atMs);
  const { clients } = clientsOver(({ path, query }) => {
    if (!/eventtypes/.test(path)) return runs === null ? undefined : { body: groupWith(runs) };
    const sinceMs = Date.parse(/ge '([^']+)'/.exec(query.get('$filter') ?? '')?.[1] ?? '');
    return {
      body: {
        value: done
          .filter((one) => one.atMs >= sinceMs)
          .map(entryOf)
          .toReversed(),
      },
    };
  });
  const target = targetOf(groupId, asked);
  const [app, revisions] = [
    await readGroup(clients, target, readsOnce()),
    await readGroupRuns(clients, target, readsOnce()),
  ];
  const { logs: _logs, ...rest } = roleMissing;
  const evidence: Evidence = { ...rest, app, revisions, replicas: { read: true, value: [] }, atMs };
  const about = { ...decisionInput(evidence, { nowMs: atMs, openedAgoMs: atMs - nowMs }), target };
  const decision = targetWithdrawn(about)?.decision;
  return decision?.do === 'close' ? `${decision.how}: ${decision.because}` : 'goes on';
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

describe('a remediation of a write that Azure refused', () => {
  it('ends as what happened since, is never called recovered here, and says that nothing was tried again only where that is so', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(stories, async ({ before, steps, lookAfterHours }) => {
        const done = historyOf({ steps });
        const last = done.at(-1);
        if (last === undefined) return;
        const atMs = last.atMs + lookAfterHours * hour;
        const runs = runsAfter(before, done);
        const said = await lookAt(atMs, runs, done);
        seen.add(said);
        expect(truths(done, runs, atMs)).toContain(said);
      }),
      { numRuns: 1500, seed: 23 },
    );
    expect([...seen].sort()).toEqual([
      'goes on',
      'withdrawn: app-gone',
      'withdrawn: not-tried-again',
      'withdrawn: superseded',
    ]);
  });
});

/** What may be said at this instant, told from everything that happened and not from the log alone. */
function truths(done: readonly Done[], runs: string | null, atMs: number): readonly string[] {
  const last = done.at(-1);
  const named = done.findLast(({ does }) => does !== 'refused-without-image');
  if (last === undefined || named === undefined) return [];
  // The image is deployed: whether it was pulled is asked of its containers.
  if (runs === asked) return ['goes on'];
  const quiet = atMs - last.atMs >= notTriedAgainMs;
  if (atMs - last.atMs > reachMs) return ['withdrawn: not-tried-again'];
  if (named.does === 'refused' && named.image === asked) {
    const isKnown = atMs - named.atMs <= reachMs;
    // A refusal without an image is all that the log holds: whether it is of this image, it does not tell.
    if (!isKnown) return ['withdrawn: not-tried-again', 'withdrawn: superseded'];
    return [quiet ? 'withdrawn: not-tried-again' : 'goes on'];
  }
  return runs === null && last.does === 'deleted' ? ['withdrawn: app-gone'] : ['withdrawn: superseded'];
}
