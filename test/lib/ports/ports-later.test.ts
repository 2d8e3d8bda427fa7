// Ports that load with the first call that needs them, once, and then answer as if they had been there from the start.
import { describe, expect, it } from 'vitest';
import type { Ports } from '../../../src/lib/ports/ports.ts';
import { type AtOnce, later, once, portsLater } from '../../../src/lib/ports/ports-later.ts';

interface Shelf {
  read(name: string): Promise<string>;
  size(): number;
}

function shelf(): Shelf & { readonly names: string[] } {
  return {
    names: [],
    size: () => 0,
    async read(name) {
      if (name === '') throw new RangeError('no name');
      this.names.push(name);
      return `read ${name}`;
    },
  };
}

describe('an object that loads later', () => {
  it('loads with the first call, and answers what the loaded one answers', async () => {
    const loaded = shelf();
    let loads = 0;
    const load = once(async () => {
      loads += 1;
      return loaded;
    });
    const shelves = later<Shelf, 'size'>(load, { size: () => 7 });

    expect([shelves.size(), loads]).toEqual([7, 0]);
    expect(await Promise.all([shelves.read('a'), shelves.read('b')])).toEqual(['read a', 'read b']);
    expect([loaded.names, loads]).toEqual([['a', 'b'], 1]);
  });

  it('fails as the loaded one fails', async () => {
    const shelves = later<Shelf, 'size'>(async () => shelf(), { size: () => 7 });

    await expect(shelves.read('')).rejects.toThrow(RangeError);
  });

  it('is no promise: whoever waits for it gets it and loads nothing', async () => {
    const shelves = later<Shelf, 'size'>(
      async () => {
        throw new Error('loaded');
      },
      { size: () => 7 },
    );

    expect(await Promise.resolve(shelves)).toBe(shelves);
  });
});

describe('the ports of the app', () => {
  const atOnce: AtOnce = {
    now: () => 5,
    hash: (text) => text,
    log: () => undefined,
    queue: { sendSignal: async () => undefined, sendStep: async () => undefined, sendTell: async () => undefined },
    scarce: () => true,
    newHolder: () => 'one',
  };

  it('take an alert without loading the others', async () => {
    let loads = 0;
    const ports = portsLater(atOnce, async () => {
      loads += 1;
      throw new Error('loaded');
    });
    await ports.queue.sendTell({ incident: 'i', system: 's' } as never, ports.now());

    expect([ports.azure.scarce(), ports.outbox.newHolder(), ports.hash('a')]).toEqual([true, 'one', 'a']);
    expect(loads).toBe(0);
    await expect(ports.killSwitch()).rejects.toThrow('loaded');
    expect(loads).toBe(1);
  });

  it('ask each of the others where it belongs', async () => {
    const asked: string[] = [];
    const group = (name: string): unknown =>
      new Proxy(
        {},
        {
          get: (_, call) => (call === 'then' ? undefined : async () => void asked.push(`${name}.${String(call)}`)),
        },
      );
    const loaded = new Proxy({}, { get: (_, name) => (name === 'then' ? undefined : group(String(name))) }) as Ports;
    const ports = portsLater(atOnce, async () => loaded);
    await ports.history.read('a');
    await ports.incidents.read('a');
    await ports.deployment.read('a');
    await ports.counted.read('a' as never);
    await ports.index.all();
    await ports.azure.listApps();
    await ports.actions.findGrant({} as never);
    await ports.controls.setting();
    await ports.pulse.read();
    await ports.sweeps.read();
    await ports.wakes.read();
    await ports.outbox.unfinished();
    await ports.incidentSystems.named('a');

    expect(asked).toEqual([
      'history.read',
      'incidents.read',
      'deployment.read',
      'counted.read',
      'index.all',
      'azure.listApps',
      'actions.findGrant',
      'controls.setting',
      'pulse.read',
      'sweeps.read',
      'wakes.read',
      'outbox.unfinished',
      'incidentSystems.named',
    ]);
  });
});
