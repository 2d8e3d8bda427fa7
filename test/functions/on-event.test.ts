// An event of Event Grid: what concerns pullmedic becomes a signal, and what cannot be read is dropped without its text.
import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { registerOnEvent } from '../../src/functions/on-event.ts';
import { contextOf, doors } from './doors.ts';

function event(name: string): unknown {
  return JSON.parse(readFileSync(`test/fixtures/signals/${name}.json`, 'utf8')) as unknown;
}

describe('an event', () => {
  it('of a write of an app that failed becomes a signal', async () => {
    const { deliver, running } = doors(registerOnEvent);
    await deliver('on-event', event('resourcewritefailure-containerapp.cloudevents.derived'));

    expect(running.world.signals).toMatchObject([{ signal: { via: 'resource-event', about: { kind: 'app' } } }]);
  });

  it('about something else becomes none, and is no trouble', async () => {
    const { deliver, running } = doors(registerOnEvent);
    const context = contextOf();
    const warned = vi.spyOn(context, 'warn').mockReturnValue(undefined);
    await deliver('on-event', (event('resourcewritesuccess-storage.eventgridschema.doc') as unknown[])[0], context);

    expect(running.world.signals).toEqual([]);
    expect(warned).not.toHaveBeenCalled();
  });

  it('that cannot be read is dropped with a warning that does not quote it', async () => {
    const { deliver, running } = doors(registerOnEvent);
    const context = contextOf();
    const warned = vi.spyOn(context, 'warn').mockReturnValue(undefined);
    await deliver('on-event', { id: 'x', claims: 'a-secret-claim' }, context);

    expect(running.world.signals).toEqual([]);
    expect(JSON.stringify(warned.mock.calls)).toContain('was dropped');
    expect(JSON.stringify(warned.mock.calls)).not.toContain('a-secret-claim');
  });

  it('that the queue does not take fails, so that Event Grid sends it again', async () => {
    const { deliver, running } = doors(registerOnEvent);
    running.world.before = (call) => {
      if (call === 'queue.sendSignal') throw new Error('down');
    };

    await expect(deliver('on-event', event('resourcewritefailure-containerapp.cloudevents.derived'))).rejects.toThrow(
      'down',
    );
  });
});
