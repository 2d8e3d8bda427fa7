import { describe, expect, it } from 'vitest';
import { type Board, readBoard } from '../../../../src/lib/console/board.ts';
import { nowJson, nowMarkdown, nowPage } from '../../../../src/lib/console/pages/now.ts';
import type { Evidence } from '../../../../src/lib/evidence/evidence.ts';
import { markdown } from '../../../../src/lib/incidents/markdown.ts';
import { known } from '../../../../src/lib/words/fact.ts';
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
    expect(page).toMatch(/href="\/api\/history\/t[0-9a-f]{24}\.1#question">Answer question 3 about ca-orders/);
    expect(page).toContain('<strong>1</strong> question</a>');
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
    expect(nowJson(read)).toMatchObject({ problems: [{ members: [{ sentences: { causes: [expect.any(String)] } }] }] });
  });
});
