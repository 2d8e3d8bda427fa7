import { describe, expect, it } from 'vitest';
import { type Board, readBoard } from '../../../../src/lib/console/board.ts';
import { nowJson, nowMarkdown, nowPage } from '../../../../src/lib/console/pages/now.ts';
import type { ApprovalView } from '../../../../src/lib/console/views.ts';
import type { Evidence } from '../../../../src/lib/evidence/evidence.ts';
import { markdown } from '../../../../src/lib/incidents/markdown.ts';
import { known, unreadable } from '../../../../src/lib/words/fact.ts';
import { config, dnsUnlinked, nowMs, roleMissing, signal } from '../../facts.ts';
import { memory } from '../../memory-ports.ts';
import { memoryUpkeep } from '../../memory-upkeep.ts';

const shell = { nowMs, address: '/api/now' };

async function board(evidence: Evidence | undefined, mode: 'act' | 'approve' = 'act'): Promise<Board> {
  const settings = config({ PULLMEDIC_MODE: mode });
  const running = memory(settings, evidence ?? roleMissing, nowMs);
  if (evidence !== undefined) await running.deliver(signal);
  return readBoard(running.ports, memoryUpkeep().upkeep, mode);
}

describe('the page Now', () => {
  it('says where nothing needs a person what is watched, and how to see a failure on purpose', async () => {
    const page = nowPage(await board(undefined), shell);

    expect(page).toContain('Nothing needs a person.');
    expect(page).toContain('deploy an app for tests with an image tag that its registry does not have');
  });

  it('has one card for a problem, with its apps and what to run', async () => {
    const page = nowPage(await board(dnsUnlinked), shell);

    expect(page.match(/<li class="bad-edge"/g)).toHaveLength(1);
    expect(page).toContain('For the network team');
    expect(page).toContain('1 app: <a href="/api/history/t');
    expect(page).toContain('az network private-dns link vnet create');
    expect(page).toContain('<strong>1</strong> problem for you');
  });

  it('leads from a question to its answer, and names the identity', async () => {
    const page = nowPage(await board(roleMissing, 'approve'), shell);

    expect(page).toContain('May pullmedic grant AcrPull to id-orders on the registry acrshop?');
    expect(page).toMatch(
      /href="\/api\/history\/t[0-9a-f]{24}\.1#question">Answer it<\/a> <span class="meta">ca-orders, question 3</,
    );
    expect(page).toContain('<strong>1</strong> question</a>');
  });

  it('says beside a question why pullmedic asks, and how many more reasons there are', async () => {
    const asking = await board(roleMissing, 'approve');
    const [problem] = asking.problems;
    const [member] = problem?.members ?? [];
    if (problem === undefined || member?.approval === undefined) throw new Error('no question');
    const doubt = { guard: 'role-removed', why: 'taken-away' } as const;
    const page = (because: readonly (typeof doubt)[]) => {
      const members = [{ ...member, approval: { ...member.approval, because } as ApprovalView }];
      return nowPage({ ...asking, problems: [{ ...problem, members }] }, shell);
    };

    expect(page([doubt])).toContain('<p>It asks because another person or system removed this role.</p>');
    expect(page([doubt, doubt])).toContain('removed this role, and for 1 more reason.</p>');
  });

  it('shows what is under way with the next look', async () => {
    const page = nowPage(await board(roleMissing), shell);

    expect(page).toContain('<strong>1</strong> under way');
    expect(page).toContain('Next look');
  });

  it('says what is wrong with pullmedic itself', async () => {
    const quiet = await board(undefined);
    const page = nowPage({ ...quiet, upkeep: { ...quiet.upkeep, deadLetters: 2, pulse: known(undefined) } }, shell);

    expect(page).toContain('not well');
    expect(page).toContain('2 messages could not be handled');
  });

  it('is there as Markdown and as JSON with sentences', async () => {
    const read = await board(dnsUnlinked);
    const text = markdown(nowMarkdown(read, nowMs));

    expect(text).toContain('1 problem needs a person');
    expect(text).toContain('az network private-dns link vnet create');
    expect(nowJson(read, nowMs)).toMatchObject({
      problems: [{ members: [{ sentences: { causes: [expect.any(String)] } }] }],
    });
  });

  it('never says that nothing needs a person where something could not be read', async () => {
    const quiet = await board(undefined);
    for (const upkeep of [{ unreadable: 1 }, { unreadableRows: 1 }]) {
      const page = nowPage({ ...quiet, upkeep: { ...quiet.upkeep, ...upkeep } }, shell);

      expect(page).not.toContain('Nothing needs a person.');
      expect(page).toContain('Nothing that can be read needs a person.');
    }
  });

  it('says what the last sweep listed, and where that is not known', async () => {
    const quiet = await board(undefined);
    const of = (sweep: Board['upkeep']['sweep']): string =>
      nowPage({ ...quiet, upkeep: { ...quiet.upkeep, sweep } }, shell);

    expect(of(known({ atMs: nowMs - 60_000, apps: 120, skipped: 0 }))).toContain(
      'pullmedic watches 120 workloads; it listed them 1 minute ago.',
    );
    expect(of(known(undefined))).toContain('pullmedic has not listed its workloads yet');
    expect(of(unreadable('unavailable'))).toContain('Which workloads pullmedic watches could not be read.');
    expect(of(known({ atMs: nowMs, apps: 0, skipped: 0, unreadable: 'forbidden' }))).not.toContain('watches 0 apps');
  });

  it('shows a number that is not complete as a lower bound, in words too', async () => {
    const quiet = await board(undefined);
    const ended = { ...quiet.ended, recovered: 900, leftAlone: 100, more: true };
    const notShown = { all: 9, needPerson: 5, ask: 3 };
    const full = { ...quiet, ended, notShown };
    const page = nowPage(full, shell);

    expect(page).toContain('<strong>900+</strong> recovered');
    expect(page).toContain('<strong>100+</strong> left alone');
    expect(page).toContain('<strong>0+</strong> problems for you');
    expect(page).toContain('<strong>3</strong> questions');
    expect(page).toContain('<strong>4</strong> under way');
    expect(page).not.toContain('Nothing needs a person');
    expect(page).not.toContain('Nothing is under way');
    expect(page).toContain('9 more are live and not shown here, 5 of them need a person');
    expect(markdown(nowMarkdown(full, nowMs))).toContain('at least 900 recovered and at least 100 left alone');
  });

  it('says how many of those left alone were healthy', async () => {
    const quiet = await board(undefined);
    const some = { ...quiet, ended: { ...quiet.ended, leftAlone: 5, healthy: 2 } };

    expect(nowPage(some, shell)).toContain('<strong>5</strong> left alone, 2 of them healthy');
    expect(markdown(nowMarkdown(some, nowMs))).toContain('5 left alone, 2 of them healthy in 24 hours');
    expect(nowPage(quiet, shell)).not.toContain('healthy');
  });

  it('does not say that nothing ended where rows of the past cannot be read', async () => {
    const quiet = await board(undefined);

    expect(nowPage(quiet, shell)).toContain('Nothing ended.');
    const page = nowPage({ ...quiet, ended: { ...quiet.ended, skipped: 2, unknown: 1 } }, shell);
    expect(page).not.toContain('Nothing ended.');
    expect(page).toContain('2 rows of what ended cannot be read and are not counted.');
    expect(page).toContain('An older version did not note how 1 of them ended.');
  });
});
