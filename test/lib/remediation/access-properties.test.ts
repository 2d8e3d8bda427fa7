// For every order of signals, removals, answers, new images, apps of one identity, scaling, modes of the registry and passing time: no grant
// after a no, and none of an access that a person took away, unless a person approved it afterwards.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listRemediations, type RemediationView } from '../../../src/lib/console/views.ts';
import { accessOf, acrPullRole, pullRolePermissions, repositoryReaderRole } from '../../../src/lib/diagnosis/access.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { AssignmentFacts, RoleRemoval } from '../../../src/lib/evidence/role-facts.ts';
import { type Grant, sameGrant } from '../../../src/lib/history/grant.ts';
import type { ActionAnswer } from '../../../src/lib/ports/ports.ts';
import { answerQuestion } from '../../../src/lib/remediation/approval.ts';
import { forgetRefusal } from '../../../src/lib/remediation/forget-refusal.ts';
import { type ArmId, isAtOrAbove, parseScope, type Scope } from '../../../src/lib/words/arm-id.ts';
import { known } from '../../../src/lib/words/fact.ts';
import { type Target, targetOf } from '../../../src/lib/words/target.ts';
import {
  app,
  appId,
  arm,
  config,
  environmentId,
  identityId,
  minute,
  nowMs,
  principal,
  principalId,
  registry,
  registryId,
  revision,
  roleMissing,
  signal,
  stuckReplica,
  unauthorizedRow,
} from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';
import '../same-cases.ts';

const apps = { orders: appId, basket: arm(appId.replace('ca-orders', 'ca-basket')) } as const;
type AppName = keyof typeof apps;
const group = principalId('c0000000-0000-4000-8000-00000000000c');
const groupScope = arm(registryId.split('/providers/')[0] ?? '');
const scopes: readonly Scope[] = [
  registryId,
  groupScope,
  parseScope('/providers/microsoft.management/managementgroups/mg-root') ?? registryId,
];
const hour = 60 * minute;
const day = 24 * hour;

/** What happens in Azure, or what people do. */
type Happening =
  | { readonly do: 'signal' | 'new-image' | 'scale'; readonly app: AppName }
  /** A person answers the question that was asked last. */
  | { readonly do: 'answer'; readonly answer: 'approved' | 'rejected' }
  | { readonly do: 'assign'; readonly scope: number; readonly to: 'identity' | 'group' }
  /** The log tells of it after so long; never where the scope is above the subscription. */
  | { readonly do: 'remove'; readonly afterMs: number }
  /** The next grant gets no answer: it is not made, made, or made and removed by a person before pullmedic reads it. */
  | { readonly do: 'lose-answer'; readonly grant: 'not-made' | 'made' | 'removed'; readonly afterMs: number }
  | { readonly do: 'change-mode' | 'change-network' | 'forget' }
  | { readonly do: 'wait'; readonly ms: number };

const named = fc.constantFrom<AppName>('orders', 'basket');
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('signal' as const), app: named }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('new-image' as const, 'scale' as const), app: named }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('answer' as const),
      answer: fc.constantFrom('approved' as const, 'rejected' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('assign' as const),
      scope: fc.nat({ max: scopes.length - 1 }),
      to: fc.constantFrom('identity' as const, 'group' as const),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('remove' as const), afterMs: fc.integer({ min: 0, max: 20 * minute }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('change-mode' as const, 'forget' as const) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('change-network' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('lose-answer' as const),
      grant: fc.constantFrom('not-made' as const, 'made' as const, 'removed' as const),
      afterMs: fc.integer({ min: 0, max: 20 * minute }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(minute, 5 * minute, 21 * minute, 5 * hour, 8 * day),
    }),
  },
);

/** Beginnings that lead quickly to a question, to a removal from a group, and to an access that was seen; then anything may happen. */
const beginnings = fc.constantFrom<readonly Happening[]>(
  [],
  [{ do: 'change-network' }, { do: 'signal', app: 'orders' }],
  [
    { do: 'assign', scope: 1, to: 'group' },
    { do: 'remove', afterMs: 0 },
  ],
  [
    { do: 'assign', scope: 2, to: 'identity' },
    { do: 'signal', app: 'basket' },
    { do: 'remove', afterMs: 0 },
  ],
  [
    { do: 'lose-answer', grant: 'removed', afterMs: 19 * minute },
    { do: 'signal', app: 'orders' },
    { do: 'wait', ms: minute },
  ],
);
const histories = fc
  .tuple(beginnings, fc.array(happening, { minLength: 4, maxLength: 14 }))
  .map(([first, then]) => [...first, ...then]);

/** A grant that was made, and whether a person had said yes to it after everything that spoke against it. */
interface Made {
  readonly grant: Grant;
  readonly againstMs: number;
  readonly approvedMs: number;
  readonly atMs: number;
  /** Azure made it; one whose answer was lost may never have been made. */
  readonly really: boolean;
}

/** Azure and the people around it, with a memory that forgets nothing: the judge. */
class World {
  readonly running: Memory;
  readonly made: Made[] = [];
  questions = 0;
  #assignments: AssignmentFacts[] = [];
  #removals: (RoleRemoval & { readonly shownMs: number })[] = [];
  #abac = false;
  #refusesAddresses = false;
  readonly #images: Record<AppName, number> = { orders: 1, basket: 1 };
  readonly #asleep: Record<AppName, boolean> = { orders: false, basket: false };
  #sighted: { readonly atMs: number; readonly assignment: string; readonly abac: boolean } | undefined;
  #noMs = 0;
  #forgottenMs = 0;
  #lostMs = 0;
  removedUnseen = 0;
  #loses: Extract<Happening, { do: 'lose-answer' }> | undefined;
  readonly #yes: { readonly grant: Grant; readonly atMs: number }[] = [];
  #signals = 0;

  constructor(mode: 'act' | 'approve') {
    const consumers = [groupScope.replace('rg-registry', 'rg-apps'), identityId];
    const settings = JSON.stringify({ limits: { grantsPerTargetPerDay: 5, recurrencesPerWeek: 50 } });
    const registries = JSON.stringify([{ id: registryId, consumers }]);
    const chosen = config({ PULLMEDIC_MODE: mode, PULLMEDIC_REGISTRIES: registries, PULLMEDIC_SETTINGS: settings });
    this.running = memory(chosen, roleMissing, nowMs);
    Object.assign(this.running.ports.azure, {
      probe: async (probe: keyof Evidence, target: Target) => {
        const evidence = this.#evidence(target);
        if (probe === 'roles') this.#sight(target, evidence);
        return { facts: { [probe]: evidence[probe] }, calls: 1 };
      },
    });
    Object.assign(this.running.ports.actions, {
      grant: (grant: Grant) => this.#grant(grant),
      findGrant: async (grant: Grant) => known(this.#holds(grant)),
      readMade: async (grant: Grant) =>
        known(this.#holds(grant) ? ({ kind: 'ours', assignment: 'x' } as const) : ({ kind: 'gone' } as const)),
    });
  }

  get #nowMs(): number {
    return this.running.world.nowMs;
  }

  async happens(one: Happening): Promise<void> {
    switch (one.do) {
      case 'signal':
        return this.#signal(one.app);
      case 'new-image':
        this.#images[one.app] += 1;
        return this.#signal(one.app);
      case 'scale':
        this.#asleep[one.app] = !this.#asleep[one.app];
        return this.#signal(one.app);
      case 'answer':
        return this.#answer(one.answer);
      case 'assign':
        return this.#assign(scopes[one.scope] ?? registryId, one.to);
      case 'remove':
        return this.#remove(one.afterMs);
      case 'lose-answer':
        this.#loses = one;
        return;
      case 'change-mode':
        this.#abac = !this.#abac;
        return;
      case 'change-network':
        this.#refusesAddresses = !this.#refusesAddresses;
        return;
      case 'forget':
        return this.#forget();
      case 'wait':
        return this.running.pass(one.ms);
    }
  }

  #signal(name: AppName): Promise<void> {
    this.#signals += 1;
    const about = { kind: 'app', id: apps[name] } as const;
    return this.running.deliver({ ...signal, id: `alert|${this.#signals}`, about, atMs: this.#nowMs });
  }

  async #views(): Promise<readonly RemediationView[]> {
    return listRemediations(this.running.ports);
  }

  async #answer(answer: 'approved' | 'rejected'): Promise<void> {
    const asked = (await this.#views()).find(({ approval }) => approval?.state === 'pending');
    if (asked?.approval === undefined) return;
    this.questions += 1;
    const { question } = asked.approval;
    if (!('grant' in asked.approval)) return;
    const { grant } = asked.approval;
    // A person takes a moment: two answers never have the same instant.
    await this.running.pass(1000);
    if (answer === 'approved') this.#yes.push({ grant, atMs: this.#nowMs });
    const { kind: said } = await answerQuestion(this.running.ports, asked.id, { answer, question, by: 'anna' });
    if (said !== 'answered' && answer === 'approved') this.#yes.pop();
    if (said === 'answered' && answer === 'rejected') this.#noMs = this.#nowMs;
    await this.running.settle();
  }

  async #forget(): Promise<void> {
    await this.#noteExpired();
    for (const { id } of await this.#views()) {
      if ((await forgetRefusal(this.running.ports, id, { by: 'bob', why: 'reviewed' })) !== 'forgotten') continue;
      this.#noMs = 0;
      this.#forgottenMs = this.#nowMs;
    }
    await this.running.pass(1000);
  }

  #assign(scope: Scope, to: 'identity' | 'group'): void {
    const roleId = this.#abac ? repositoryReaderRole : acrPullRole;
    this.#put(roleId, scope, to === 'group' ? group : principal);
  }

  #put(roleId: string, scope: Scope, holder: AssignmentFacts['principalId']): void {
    this.#assignments.push({
      id: `assignment-${this.#assignments.length}-${this.#nowMs}`,
      roleId,
      scope,
      principalId: holder,
      createdAtMs: this.#nowMs,
      permissions: known(pullRolePermissions.get(roleId) ?? []),
    });
  }

  /** Takes the newest role away. */
  #remove(afterMs: number): void {
    const gone = this.#assignments.pop();
    if (gone === undefined) return;
    const { scope, principalId: holder } = gone;
    const mayBeGroup = holder === group ? ({ mayBeGroup: true } as const) : {};
    const shownMs = scope === scopes[2] ? Number.POSITIVE_INFINITY : this.#nowMs + afterMs;
    this.#removals.push({ atMs: this.#nowMs, by: 'mallory', scope, principalId: holder, ...mayBeGroup, shownMs });
  }

  #shown(): RoleRemoval[] {
    const sinceMs = this.#nowMs - 7 * day;
    return this.#removals.filter((one) => one.shownMs <= this.#nowMs && one.atMs >= sinceMs);
  }

  #evidence({ appId: id }: Target): Evidence {
    const name: AppName = id === apps.orders ? 'orders' : 'basket';
    const image = `acrshop.azurecr.io/shop/${name}:v${this.#images[name]}`;
    const revisionName = `ca-${name}--${this.#images[name]}`;
    const closed = this.#refusesAddresses ? ({ defaultAction: 'deny', ipRules: ['20.0.0.1'] } as const) : {};
    const replica = { ...stuckReplica, revision: revisionName };
    const waiting = { ...replica, containers: replica.containers.map((one) => ({ ...one, image })) };
    return {
      ...roleMissing,
      atMs: this.#nowMs,
      app: known({ ...app, id, images: [image], latestRevision: revisionName }),
      revisions: known([{ ...revision, name: revisionName, images: [image], createdAtMs: this.#nowMs - 10 * minute }]),
      replicas: known(this.#asleep[name] ? [] : [waiting]),
      logs: known([{ ...unauthorizedRow, revision: revisionName, replica: replica.name, atMs: this.#nowMs - minute }]),
      registry: known({ ...registry, roleMode: this.#abac ? 'abac' : 'legacy', ...closed }),
      roles: known([...this.#assignments]),
      removals: known(this.#shown()),
      holders: known({
        resources: Object.values<ArmId>(apps).map((one) => ({ id: one, environmentId })),
        tenant: 'same',
      }),
    };
  }

  /** A look that reads a role that lets the identity pull has seen the access. */
  #sight(target: Target, evidence: Evidence): void {
    const { images } = evidence.app?.read && evidence.app.value !== 'gone' ? evidence.app.value : { images: [] };
    const access = accessOf(targetOf(target.appId, images[0] ?? ''), evidence);
    if (access?.answer !== 'can') return;
    this.#sighted = { atMs: this.#nowMs, assignment: access.assignment, abac: this.#abac };
  }

  /** The instant up to which something speaks against a grant: a no, a removal that was shown, an access that was seen and is gone. */
  #againstMs(): number {
    const shown = this.#removals.filter(
      (one) => one.shownMs <= this.#nowMs && isAtOrAbove(one.scope, registryId) && this.#wasRead(one),
    );
    const seen = this.#sighted;
    const onlyMode =
      seen !== undefined && seen.abac !== this.#abac && this.#assignments.some(({ id }) => id === seen.assignment);
    return Math.max(this.#noMs, onlyMode ? 0 : (seen?.atMs ?? 0), ...shown.map(({ atMs }) => atMs));
  }

  /** The log shows a removal for seven days; what it told of is remembered for longer, and only that can be known. */
  #wasRead({ atMs }: RoleRemoval): boolean {
    return atMs >= this.#nowMs - 7 * day;
  }

  /** Questions that expired while their remediation went on. */
  async #noteExpired(): Promise<void> {
    for (const { approval, closed } of await this.#views()) {
      if (approval?.state !== 'expired' || approval.expiresAtMs > this.#nowMs) continue;
      if (closed !== undefined && closed.atMs < approval.expiresAtMs) continue;
      if (approval.expiresAtMs > this.#forgottenMs) this.#noMs = Math.max(this.#noMs, approval.expiresAtMs);
    }
  }

  #holds({ roleId }: Grant): boolean {
    return this.#assignments.some(
      (one) => one.roleId === roleId && one.scope === registryId && one.principalId === principal,
    );
  }

  async #grant(grant: Grant): Promise<ActionAnswer> {
    await this.#noteExpired();
    const loses = this.#loses;
    this.#loses = undefined;
    const really = loses?.grant !== 'not-made';
    const approvedMs = Math.max(0, ...this.#yes.filter((one) => sameGrant(one.grant, grant)).map(({ atMs }) => atMs));
    const againstMs = Math.max(this.#againstMs(), this.#lostMs);
    this.made.push({ grant, againstMs, approvedMs, atMs: this.#nowMs, really });
    if (really) this.#put(grant.roleId, registryId, principal);
    if (loses === undefined) return { outcome: 'done', undo: 'x' };
    if (loses.grant === 'removed') {
      this.#remove(loses.afterMs);
      // It binds although the log does not show it yet: pullmedic knows that it asked for this grant.
      this.#lostMs = this.#nowMs;
      this.removedUnseen += 1;
    }
    return { outcome: 'unknown', because: 'no-answer' };
  }
}

/** How often the generated histories came to a grant, to an approved one, and to a question: else the property would say nothing. */
const seen = { grants: 0, approved: 0, questions: 0, removedUnseen: 0 };

describe('for every order of events', () => {
  it('nothing is granted after a no or after an access was taken away, unless a person approved it afterwards', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('act' as const, 'approve' as const), histories, async (mode, happenings) => {
        const world = new World(mode);
        for (const one of happenings) await world.happens(one);
        seen.grants += world.made.length;
        seen.approved += world.made.filter(({ approvedMs }) => approvedMs > 0).length;
        seen.questions += world.questions;
        seen.removedUnseen += world.removedUnseen;

        expect(world.made.filter(({ againstMs, approvedMs }) => againstMs > 0 && approvedMs < againstMs)).toEqual([]);
        const same = world.made.filter((one, at) =>
          world.made.slice(0, at).some((two) => {
            const approved = one.approvedMs > two.atMs;
            return two.really && sameGrant(one.grant, two.grant) && !approved;
          }),
        );
        expect(same).toEqual([]);
      }),
      { numRuns: 200 },
    );
    expect(seen.grants).toBeGreaterThan(20);
    expect(seen.approved).toBeGreaterThan(3);
    expect(seen.questions).toBeGreaterThan(10);
    expect(seen.removedUnseen).toBeGreaterThan(10);
  });
});
