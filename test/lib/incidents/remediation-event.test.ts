// A remediation as an event: the members that docs/incident-events.md describes, and nothing that a receiver could mistake for markup.
import { describe, expect, it } from 'vitest';
import { remediationEventOf } from '../../../src/lib/incidents/remediation-event.ts';
import { openQuestion, questionFactsOf } from '../../../src/lib/incidents/remediation-facts.ts';
import { minute, nowMs, target } from '../facts.ts';
import { places } from './incident-data.ts';
import { ended, found, present, question, remediation, remediationTelling } from './remediation-data.ts';

describe('the event', () => {
  it('that a remediation was opened names the app, the image and the page', () => {
    expect(remediationEventOf(remediationTelling('opened', remediation))).toEqual({
      specversion: '1.0',
      id: `pullmedic-${remediation.id}.opened`,
      source: 'https://pullmedic.example/api/history',
      type: 'pullmedic.remediation.opened.v1',
      subject: `pullmedic-${remediation.id}`,
      time: '2026-06-01T02:00:00Z',
      datacontenttype: 'application/json',
      data: {
        remediation: {
          id: remediation.id,
          state: 'open',
          app: target.appId,
          name: target.appName,
          image: target.image,
          registry: target.registry,
          openedAt: '2026-06-01T02:00:00Z',
          changes: [],
          links: { page: `https://pullmedic.example/api/history/${remediation.id}` },
        },
      },
    });
  });

  it('that it asks has the question in words, until when it can be answered, and where', () => {
    const open = present(openQuestion({ ...found, retryApproval: question }, nowMs));
    const asked = questionFactsOf(open, 'ca-orders', places);
    expect(remediationEventOf(remediationTelling('asks', found, { question: asked })).data['question']).toEqual({
      remediation: found.id,
      app: target.appId,
      question: 4,
      stage: 'asked',
      says: expect.stringContaining('restart ca-orders--0000001') as string,
      until: '2026-06-01T06:00:00Z',
      link: `https://pullmedic.example/api/history/${found.id}`,
    });
  });

  it('that it ended says how, why and when, and what was changed', () => {
    const attempts = [{ action: 'grant', atMs: nowMs, outcome: 'done' }] as const;
    const { data } = remediationEventOf(remediationTelling('closed', { ...found, attempts, closed: ended }));
    expect(data['remediation']).toMatchObject({
      state: 'closed',
      cause: 'private-dns-unlinked',
      sure: 'confirmed',
      how: 'recovered',
      because: 'pulled-and-ready',
      closedAt: '2026-06-01T02:01:00Z',
      changes: [{ action: 'grant', outcome: 'done', at: '2026-06-01T02:00:00Z' }],
    });
  });

  it('says where it comes from also where the address of the pages is not known', () => {
    const told = remediationTelling('opened', remediation);
    const { page: _page, ...facts } = told.facts;
    expect(remediationEventOf({ ...told, facts })).toMatchObject({
      source: 'urn:pullmedic',
      data: { remediation: { links: {} } },
    });
  });

  it('is small and in one line a member, however long the image and however many the changes', () => {
    const attempts = Array.from(
      { length: 500 },
      (_, at) => ({ action: 'restart', atMs: nowMs + at * minute }) as const,
    );
    const long = { ...target, image: `acrshop.azurecr.io/${'x'.repeat(50_000)}`, appName: 'ca\norders\u202e' };
    const event = remediationEventOf(remediationTelling('closed', { ...found, target: long, attempts, closed: ended }));
    expect(JSON.stringify(event).length).toBeLessThan(20_000);
    expect(event.data['remediation']).toMatchObject({ name: 'ca orders' });
  });
});
