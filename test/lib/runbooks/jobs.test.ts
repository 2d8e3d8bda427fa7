// Commands of a job: they name `az containerapp job`, and no command of an app is left.
import { describe, expect, it } from 'vitest';
import { type Cause, causes } from '../../../src/lib/causes/causes.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { runbookFor } from '../../../src/lib/runbooks/index.ts';
import { forKind } from '../../../src/lib/runbooks/jobs.ts';
import type { Runbook } from '../../../src/lib/runbooks/runbook.ts';
import { known } from '../../../src/lib/words/fact.ts';
import type { JobTrigger } from '../../../src/lib/workloads/job/trigger.ts';
import { app, execution, jobId, jobTarget, roleMissing, target } from '../facts.ts';

function runbookOf(cause: Cause, of = jobTarget, evidence: Evidence = roleMissing): Runbook {
  const diagnosis = {
    causes: [cause],
    sure: 'confirmed',
    for: [],
    against: [],
    network: 'allows',
    detail: {},
  } as const;
  return runbookFor({ target: of, cause, diagnosis, evidence });
}

/** A job with this trigger, and with this schedule where it has one. */
function withTrigger(trigger: JobTrigger, schedule?: string): Evidence {
  const job = { trigger, ...(schedule === undefined ? {} : { schedule }) };
  return { ...roleMissing, app: known({ ...app, id: jobId, job }) };
}

const suspensions = ({ commands }: Runbook): string[] =>
  commands.flatMap(({ text }) => (text.startsWith('az rest ') && /(?:suspend|resume)/.test(text) ? text : []));

describe('the runbook of a job whose schedule starts executions all the time', () => {
  it.each(['* * * * *', '*/1 * * * *', '*/5 * * * *'])(
    'of %s offers to suspend it, with the exact commands',
    (cron) => {
      const runbook = runbookOf('tag-missing', jobTarget, withTrigger('schedule', cron));

      expect(suspensions(runbook)).toEqual([
        `az rest --method post --url '${jobId}/suspend?api-version=2026-01-01'`,
        `az rest --method post --url '${jobId}/resume?api-version=2026-01-01'`,
      ]);
      expect(runbook.advice).toMatch(/You can suspend the job meanwhile; pullmedic does not\.$/);
    },
  );

  it.each<[string, Evidence]>([
    ['every six minutes', withTrigger('schedule', '*/6 * * * *')],
    ['once an hour', withTrigger('schedule', '0 * * * *')],
    ['every minute of one hour a day', withTrigger('schedule', '* 3 * * *')],
    ['never, because its schedule cannot be read', withTrigger('schedule')],
    ['when a person starts it', withTrigger('manual')],
    ['for each event', withTrigger('event', '* * * * *')],
  ])('does not where an execution starts %s', (_, evidence) => {
    expect(suspensions(runbookOf('tag-missing', jobTarget, evidence))).toEqual([]);
  });
});

describe('the runbook of a job', () => {
  it.each(causes)('for %s has no command for a container app', (cause) => {
    const { commands, verify, undo } = runbookOf(cause);
    const texts = [...commands.map(({ text }) => text), verify, undo];

    for (const text of texts) expect(text).not.toMatch(/az containerapp (?!job |env )/);
  });

  it.each(causes)('for %s speaks of a job and its executions, not of an app and its revisions', (cause) => {
    const { title, advice, commands, undo } = runbookOf(cause);

    for (const said of [title, advice, undo, ...commands.map((one) => one.title)])
      expect(said).not.toMatch(/(?<![\w-]|Container )(?:revisions?|apps?(?! team))(?![\w-])/i);
  });

  it.each(causes)('for %s has no comment about the template of an app in its Bicep', (cause) => {
    const bare: Evidence = { ...roleMissing, app: known({ ...app, id: jobId, registries: [], userIdentities: [] }) };
    const texts = [roleMissing, bare].flatMap((evidence) => runbookOf(cause, jobTarget, evidence).commands);

    for (const { text } of texts)
      for (const comment of text.match(/^\/\/ .*$/gm) ?? []) expect(comment).not.toMatch(/\bapps?\b|\brevisions?\b/);
  });

  it('says in its Bicep where in the template of the job a registry entry stands', () => {
    const texts = runbookOf('registry-not-configured').commands.map(({ text }) => text);

    expect(texts.join('\n')).toContain('// For properties.configuration.registries in the template of the job.');
  });

  it('hands over with the command that starts it, and checks its executions', () => {
    const { commands, verify } = runbookOf('execution-ended');

    expect(commands.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^az containerapp job start --name job-import --resource-group rg-apps /),
    ]);
    expect(verify).toMatch(/^az containerapp job execution list --name job-import /);
    expect(verify).toMatch(
      /JobName_s =~ 'job-import'.*\n# Proof: an execution since the fix that has a row PulledImage/,
    );
  });

  it('starts an execution where the runbook of an app restarts a revision', () => {
    const text = 'az containerapp revision restart --name a --resource-group g --revision r';
    const written = {
      title: '',
      advice: '',
      commands: [{ title: '', language: 'az', text }],
      verify: '',
      undo: '',
    } as const;

    expect(forKind({ target: jobTarget }, written).commands[0]?.text).toBe(
      'az containerapp job start --name a --resource-group g',
    );
    expect(forKind({ target }, written)).toBe(written);
  });
});

describe('the runbook of a job that was changed or suspended since its last execution', () => {
  const facts = { ...app, id: jobId, images: ['acrshop.azurecr.io/shop/import:v2'] };
  const changed = (trigger: JobTrigger, suspended?: true): Evidence => ({
    ...roleMissing,
    app: known({
      ...facts,
      job: { trigger, ...(suspended === undefined ? {} : { suspended }) },
      lastWrite: { by: 'anna', atMs: execution.createdAtMs },
    }),
    revisions: known([execution]),
  });
  const commandsOf = (runbook: Runbook): string[] => runbook.commands.map(({ title }) => title);

  it('says which image it asks for now, which execution had the one before, and what ends this', () => {
    const { title, advice } = runbookOf('execution-ended', jobTarget, changed('manual'));

    expect(title).toBe(
      'job-import has to be started again: it asks for another image now, and its last execution ended without one',
    );
    expect(advice).toContain('asks for “acrshop.azurecr.io/shop/import:v2” now');
    expect(advice).toContain(`Its execution ${execution.name} began before that, with “${jobTarget.image}”.`);
    expect(advice).toContain('The first execution that begins ends this');
  });

  it('of the cause says what the change does for an execution that still waits, and who starts the next one', () => {
    const advice = (evidence: Evidence): string => runbookOf('tag-missing', jobTarget, evidence).advice;

    expect(advice(changed('manual'))).toMatch(
      /keeps its image\. Start the job for an execution with the template of now\.$/,
    );
    expect(advice(changed('schedule'))).toMatch(/The next execution comes by itself and has the template of now\.$/);
    expect(advice(withTrigger('manual'))).not.toContain('keeps its image');
  });

  it('resumes a suspended job, and starts it only where people start it', () => {
    const suspended = (trigger: JobTrigger): Evidence => ({
      ...roleMissing,
      app: known({ ...app, id: jobId, job: { trigger, schedule: '* * * * *', suspended: true } }),
    });
    const scheduled = runbookOf('execution-ended', jobTarget, suspended('schedule'));

    expect(scheduled.title).toContain('is suspended');
    expect(commandsOf(scheduled)).toEqual(['Resume the job']);
    expect(commandsOf(runbookOf('execution-ended', jobTarget, suspended('manual')))).toEqual([
      'Resume the job',
      'Start the job',
    ]);
    expect(suspensions(runbookOf('tag-missing', jobTarget, suspended('schedule')))).toEqual([
      `az rest --method post --url '${jobId}/resume?api-version=2026-01-01'`,
    ]);
  });
});
