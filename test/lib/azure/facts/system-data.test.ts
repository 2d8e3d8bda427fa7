import { describe, expect, it } from 'vitest';
import { readApp } from '../../../../src/lib/azure/facts/app-facts.ts';
import { readJob } from '../../../../src/lib/azure/facts/job-facts.ts';
import { instantOf, lastWriteOf } from '../../../../src/lib/azure/facts/system-data.ts';
import { parseArmId } from '../../../../src/lib/words/arm-id.ts';
import { appId, image, target } from '../../facts.ts';
import { alwaysAnswering } from '../clients-over.ts';

// As recorded of an app (azure-cli, May 2025): seven digits, and no zone.
const systemData = {
  createdBy: 'test@example.com',
  createdByType: 'User',
  createdAt: '2025-05-09T05:16:30.1720632',
  lastModifiedBy: 'ada@example.com',
  lastModifiedByType: 'User',
  lastModifiedAt: '2025-05-09T05:17:41.6748015',
};
const write = { by: 'ada@example.com', kind: 'User', atMs: Date.parse('2025-05-09T05:17:41.674Z') };
const resource = (id: string, member: unknown): object => ({
  id,
  location: 'westeurope',
  systemData: member,
  properties: { template: { containers: [{ image }] }, configuration: {} },
});

describe('who wrote a resource last', () => {
  it('is named by an app and by a job, without another request', async () => {
    const job = parseArmId(appId.replace('containerapps', 'jobs')) ?? appId;
    const app = alwaysAnswering(resource(appId, systemData));
    const jobs = alwaysAnswering(resource(job, systemData));

    expect(await readApp(app.clients, target)).toMatchObject({ value: { lastWrite: write } });
    expect(await readJob(jobs.clients, { ...target, appId: job })).toMatchObject({ value: { lastWrite: write } });
    expect([app.asked.length, jobs.asked.length]).toEqual([1, 1]);
  });

  it('keeps a kind of writer that is not known, and no more of a name than a name may have', () => {
    const odd = { ...systemData, lastModifiedByType: 'Robot', lastModifiedBy: 'x'.repeat(5000) };

    expect(lastWriteOf({ systemData: odd })).toEqual({ by: 'x'.repeat(200), kind: 'Robot', atMs: write.atMs });
    expect(lastWriteOf({ systemData: { ...systemData, lastModifiedByType: null } })).toEqual({
      by: write.by,
      atMs: write.atMs,
    });
  });

  it.each([
    ['without the member', undefined],
    ['without a writer', { ...systemData, lastModifiedBy: '' }],
    ['with a writer that is no text', { ...systemData, lastModifiedBy: { id: 1 } }],
    ['with a time that is none', { ...systemData, lastModifiedAt: 'yesterday' }],
  ])('is not said by a resource %s, which is read all the same', async (_, member) => {
    const fact = await readApp(alwaysAnswering(resource(appId, member)).clients, target);

    expect(lastWriteOf(resource(appId, member))).toBeUndefined();
    expect(fact).toMatchObject({ read: true });
    expect(fact).not.toHaveProperty('value.lastWrite');
  });

  it('is read in UTC, whether the time says so or not', () => {
    expect(instantOf('2025-05-09T05:17:41.6748015')).toBe(write.atMs);
    expect(instantOf('2025-05-09T05:17:41.674Z')).toBe(write.atMs);
    expect(instantOf('2025-05-09T07:17:41.674+02:00')).toBe(write.atMs);
  });
});
