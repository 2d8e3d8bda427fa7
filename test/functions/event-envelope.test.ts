// The envelopes of both schemas are read as the SDK reads them, and nothing in them is believed that our own checks refuse.
import { EventGridDeserializer } from '@azure/eventgrid';
import { describe, expect, it } from 'vitest';
import { signalsOfEvent } from '../../src/functions/event-envelope.ts';
import { eventKinds } from '../../src/lib/signals/event.ts';
import { fixture } from '../lib/signals/payloads.ts';

const deserializer = new EventGridDeserializer();
const failed = fixture('resourcewritefailure-containerapp.cloudevents.derived') as Record<string, unknown>;
const [granted] = fixture('resourcewritesuccess-roleassignment.eventgridschema.derived') as Record<string, unknown>[];

describe('an envelope', () => {
  it('of CloudEvents has the id and the instant that the SDK reads', async () => {
    const [sdk] = await deserializer.deserializeCloudEvents(failed);

    expect(sdk?.time).toBeInstanceOf(Date);
    expect(await signalsOfEvent(failed, undefined)).toMatchObject({
      signals: [{ id: `event|${sdk?.id ?? ''}`, atMs: sdk?.time?.getTime() }],
    });
  });

  it('of the schema of Event Grid has the id and the instant that the SDK reads', async () => {
    const [sdk] = await deserializer.deserializeEventGridEvents(granted ?? {});

    expect(sdk?.eventTime).toBeInstanceOf(Date);
    expect(await signalsOfEvent(granted, undefined)).toMatchObject({
      signals: [{ id: `event|${sdk?.id ?? ''}`, atMs: sdk?.eventTime.getTime() }],
    });
  });

  it.each(['id', 'source', 'type', 'specversion'])('of CloudEvents without %s is refused', async (name) => {
    expect(await signalsOfEvent({ ...failed, [name]: undefined }, undefined)).toMatchObject({ ok: false });
  });

  it.each(['id', 'subject', 'topic', 'eventType', 'eventTime', 'data', 'dataVersion', 'metadataVersion'])(
    'of the schema of Event Grid without %s is refused',
    async (name) => {
      expect(await signalsOfEvent({ ...granted, [name]: undefined }, undefined)).toMatchObject({ ok: false });
    },
  );

  it.each([
    ['another version of CloudEvents', { ...failed, specversion: '0.3' }],
    ['another version of the schema', { ...granted, metadataVersion: '2' }],
    ['an instant that is none', { ...failed, time: 'yesterday' }],
    ['no instant', { ...failed, time: undefined }],
    ['a subject that is no text', { ...failed, subject: 7 }],
    ['no subject', { ...failed, subject: undefined }],
    ['bytes where an operation belongs', { ...failed, data: undefined, data_base64: 'AAAA' }],
    ['several events', [failed, failed]],
    ['a text', JSON.stringify(failed)],
    ['nothing', null],
  ])('with %s is refused, in words that do not quote it', async (_what, body) => {
    const read = await signalsOfEvent(body, undefined);

    expect(read.ok ? '' : read.problem).toMatch(/^.{5,200}$/);
    expect(read.ok ? '' : read.problem).not.toContain('yesterday');
  });

  it('of a type that means nothing here has no signals, whatever it is about', async () => {
    expect(eventKinds).not.toContain('Microsoft.Storage.BlobCreated');
    expect(await signalsOfEvent({ ...failed, type: 'Microsoft.Storage.BlobCreated' }, undefined)).toEqual({
      ok: true,
      signals: [],
    });
  });
});
