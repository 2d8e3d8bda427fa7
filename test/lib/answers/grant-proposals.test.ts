// What taking a grant back, and forgetting a refusal, would do.
import { describe, expect, it } from 'vitest';
import { proposeForgetting, proposeUndo } from '../../../src/lib/answers/grant-proposals.ts';
import { config, nowMs } from '../facts.ts';
import { after, asks, assignment, grant, id, made, opened } from './asked.ts';

const undo = { verb: 'undo', subject: id, shown: 'made-by-us' } as const;
const asked = { kind: 'undo-asked', remediation: id, grant, assignment, by: 'bo' } as const;
const othersRely = {
  kind: 'undo-decided',
  remediation: id,
  refusals: [{ guard: 'undo', why: 'others-rely' }],
} as const;

describe('taking a grant back', () => {
  it('names the assignment, and says that others keep it from being removed', async () => {
    const proposal = JSON.stringify(await proposeUndo(await after([opened, ...made]), undo));

    expect(proposal).toContain(assignment);
    expect(proposal).toContain('Where another app or remediation relies on the assignment, pullmedic removes nothing');
  });

  it('all the same says who cannot pull afterwards, and why it was refused before', async () => {
    const here = await after([opened, ...made, asked, othersRely]);
    const proposal = await proposeUndo(here, { ...undo, verb: 'undo-anyway' });

    expect(JSON.stringify(proposal)).toContain('What relies on it cannot pull from this registry afterwards.');
    expect(proposal).toMatchObject({ doubts: [expect.any(String) as string] });
  });

  it.each([
    ['the assignment is another one', [opened, ...made], 'another', 'not the assignment that was shown'],
    ['nothing was made', [opened, asks], 'made-by-us', 'nothing to take back'],
    ['it is under way', [opened, ...made, asked], 'made-by-us', 'A person has asked for it already'],
  ] as const)('is not possible where %s', async (_, entries, shown, words) => {
    expect(await proposeUndo(await after(entries), { ...undo, shown })).toMatchObject({
      kind: 'impossible',
      status: 409,
      says: expect.stringContaining(words) as string,
    });
  });

  it('is not possible while the setting does not allow it', async () => {
    const here = { ...(await after([opened, ...made])), config: config() };

    expect(await proposeUndo(here, undo)).toMatchObject({
      kind: 'impossible',
      says: expect.stringContaining('PULLMEDIC_SETTINGS') as string,
    });
  });
});

describe('forgetting a refusal', () => {
  const rejected = { kind: 'answered', grant, answer: 'rejected', by: 'bo', question: 2 } as const;
  const forget = { verb: 'forget', subject: id, shown: String(nowMs) } as const;

  it('says who refused what and when, and that nothing is granted by it', async () => {
    const proposal = JSON.stringify(await proposeForgetting(await after([opened, asks, rejected]), forget));

    expect(proposal).toContain('by bo, 2026-06-01 02:00 UTC');
    expect(proposal).toContain('nothing is granted by forgetting');
  });

  it('is not possible where another refusal binds, or none, or it cannot be read', async () => {
    const here = await after([opened, asks, rejected]);

    expect(await proposeForgetting(here, { ...forget, shown: '1' })).toMatchObject({
      status: 409,
      says: expect.stringContaining('Another refusal') as string,
    });
    expect(await proposeForgetting(await after([opened, asks]), forget)).toMatchObject({ status: 409 });
    here.running.world.before = (call) => {
      if (call === 'deployment.read') throw new Error('no answer');
    };
    expect(await proposeForgetting(here, forget)).toMatchObject({ status: 503 });
  });
});
