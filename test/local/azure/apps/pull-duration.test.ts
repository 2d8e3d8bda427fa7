// How long a pull takes: by the size of the image, which the scenario file says or which follows from the image's name.
import { describe, expect, it } from 'vitest';
import { pullTakesMs, sayDuration, sizeOf } from '../../../../local/azure/apps/pull-duration.ts';
import { worldSchema } from '../../../../local/azure/world/world.ts';
import { orders } from '../worlds.ts';

const image = 'acrshop.azurecr.io/shop/orders:v1';

function worldOf(imageSizes: Record<string, string>) {
  const apps = [orders];
  return { world: worldSchema.parse({ environments: [{ name: 'cae-shop' }], apps, imageSizes }) };
}

describe('a pull', () => {
  it('takes from 20 to 60 seconds where the file says no size, the same time in every run, and others for other images', () => {
    const times = Array.from({ length: 200 }, (_, at) => pullTakesMs(worldOf({}), `acrshop.azurecr.io/shop/${at}:v1`));

    expect(Math.min(...times)).toBeGreaterThanOrEqual(20_000);
    expect(Math.max(...times)).toBeLessThanOrEqual(60_000);
    expect(new Set(times).size).toBeGreaterThan(190);
    expect(pullTakesMs(worldOf({}), image)).toBe(pullTakesMs(worldOf({}), image));
  });

  it.each([
    ['6GB', 600_000],
    ['1.5GB', 150_000],
    ['50MB', 5000],
    ['1MB', 1000],
  ])('of an image of %s takes %i milliseconds', (size, takesMs) => {
    expect(pullTakesMs(worldOf({ [image]: size }), image)).toBe(takesMs);
  });

  it('is of the size that the file says of that very image', () => {
    const world = worldOf({ [image]: '50MB' });

    expect(sizeOf(world, image)).toBe(50_000_000);
    expect(sizeOf(world, 'acrshop.azurecr.io/shop/orders:v2')).toBeGreaterThan(199_999_999);
  });

  it.each(['', '6', '6gb', '0MB', '-1MB', '6 GB'])('has a size that can be read, which "%s" is not', (size) => {
    expect(() => worldOf({ [image]: size })).toThrow(/is not a size like 40MB or 6GB/);
  });
});

describe('the time in a row', () => {
  it.each([
    [1920, '1.92s'],
    [20_000, '20s'],
    [59_999, '60s'],
    [72_500, '1m12.5s'],
    [600_000, '10m0s'],
  ])('of %i milliseconds is written as %s', (ms, said) => {
    expect(sayDuration(ms)).toBe(said);
  });
});
