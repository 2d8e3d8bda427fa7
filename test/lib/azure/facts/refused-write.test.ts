// A container group that Azure refused to create: what the Activity Log keeps of it.
import { describe, expect, it } from 'vitest';
import { neverCreated, withRefusedWrite } from '../../../../src/lib/azure/facts/refused-write.ts';
import { unnamedImage } from '../../../../src/lib/words/target.ts';
import { groupFacts, groupId, image } from '../../facts.ts';
import { alwaysAnswering } from '../clients-over.ts';

const inaccessible = `{"error":{"code":"InaccessibleImage","message":"The image '${image}' in container group 'cg-orders' is not accessible. Please check the image and registry credential."}}`;

function entry(operation: string, status: string, minuteOfHour: number, statusMessage?: string): object {
  return {
    eventTimestamp: `2026-06-01T01:${String(minuteOfHour).padStart(2, '0')}:00Z`,
    operationName: { value: `Microsoft.ContainerInstance/containerGroups/${operation}` },
    status: { value: status },
    ...(statusMessage === undefined ? {} : { properties: { statusMessage } }),
  };
}

const read = (...value: readonly object[]): ReturnType<typeof neverCreated> =>
  neverCreated(alwaysAnswering({ value }).clients, groupId, image);

describe('a group that there is not', () => {
  it('was never created where its last write was refused, and has the image that the error names', async () => {
    expect(await read(entry('write', 'Failed', 50, inaccessible), entry('write', 'Started', 49))).toEqual({
      id: groupId,
      revisionMode: 'Single',
      provisioningState: 'Failed',
      userIdentities: [],
      registries: [],
      images: [image],
      writeError: { text: inaccessible, atMs: Date.parse('2026-06-01T01:50:00Z') },
      group: { life: 'never-created' },
    });
  });

  it('has an image without a name where the error names none', async () => {
    const text =
      '{"error":{"code":"RegistryErrorResponse","message":"An error response is received from the docker registry \'index.docker.io\'. Please retry later."}}';
    expect(await read(entry('write', 'Failed', 50, text))).toMatchObject({ images: [unnamedImage] });
  });

  it.each([
    ['it was created and deleted', [entry('delete', 'Succeeded', 55), entry('write', 'Succeeded', 50)]],
    ['it was deleted after a refusal', [entry('delete', 'Succeeded', 55), entry('write', 'Failed', 50, inaccessible)]],
    ['it was created after a refusal', [entry('write', 'Succeeded', 55), entry('write', 'Failed', 50, inaccessible)]],
  ])('is gone if %s', async (_, entries) => {
    expect(await read(...entries)).toBe('gone');
  });
});

describe('a group that there is not, and of which the log tells no end of a write', () => {
  const cases = [
    ['nothing was ever written', []],
    ['a restart of it failed', [entry('restart/action', 'Failed', 55)]],
    ['its write has only begun', [entry('write', 'Started', 55)]],
  ] as const;

  it.each(cases)('is told apart from one that was removed, where an image is asked about: %s', async (_, entries) => {
    expect(await read(...entries)).toMatchObject({
      images: [],
      provisioningState: 'unknown',
      group: { life: 'never-created', lastWrite: 'not-in-log' },
    });
  });

  it.each(cases)('is gone for a search, which knows no image: %s', async (_, entries) => {
    expect(await neverCreated(alwaysAnswering({ value: entries }).clients, groupId, '')).toBe('gone');
  });
});

describe('the log of the writes of a group', () => {
  const sinceOf = async (about: string): Promise<number> => {
    const { clients, asked } = alwaysAnswering({ value: [entry('write', 'Failed', 50, inaccessible)] });
    await neverCreated(clients, groupId, about);
    const since = /eventTimestamp ge '([^']+)'/.exec(asked[0]?.query.get('$filter') ?? '')?.[1] ?? '';
    return Math.round((Date.now() - Date.parse(since)) / 3_600_000);
  };

  it('is read as far back as Azure keeps it about an image, and for a day for a search', async () => {
    expect(await sinceOf(image)).toBe(89 * 24);
    expect(await sinceOf('')).toBe(24);
  });

  it('is read no further than to the last write whose image or end is known', async () => {
    const { clients, asked } = alwaysAnswering({
      value: [entry('write', 'Failed', 50, inaccessible)],
      nextLink: 'https://management.azure.com/x?api-version=1&$skiptoken=more',
    });
    expect(await neverCreated(clients, groupId, image)).toMatchObject({ images: [image] });
    expect(asked).toHaveLength(1);
  });

  it('is unreadable, and the group not gone, where too many entries come before the end of a write', async () => {
    const { clients } = alwaysAnswering({
      value: [entry('restart/action', 'Failed', 55)],
      nextLink: 'https://management.azure.com/x?api-version=1&$skiptoken=more',
    });
    await expect(neverCreated(clients, groupId, image)).rejects.toThrow('too many entries');
  });
});

describe('a refusal that names no image', () => {
  const nameless =
    '{"error":{"code":"RegistryErrorResponse","message":"An error response is received from the docker registry \'index.docker.io\'. Please retry later."}}';

  it('may be of the same image as the refusal before it, which is still asked for', async () => {
    const entries = [entry('write', 'Failed', 55, nameless), entry('write', 'Failed', 50, inaccessible)];
    expect(await read(...entries)).toMatchObject({
      images: [image, unnamedImage],
      writeError: { text: nameless, atMs: Date.parse('2026-06-01T01:55:00Z') },
    });
  });

  it('stands alone after a write that Azure accepted', async () => {
    const entries = [entry('write', 'Failed', 55, nameless), entry('write', 'Succeeded', 52)];
    expect(await read(...entries, entry('write', 'Failed', 50, inaccessible))).toMatchObject({
      images: [unnamedImage],
    });
  });
});

describe('a group that is as it was before a refused write', () => {
  const newer = inaccessible.replace(image, 'acrshop.azurecr.io/shop/orders:v2');
  const read = (...value: readonly object[]) => withRefusedWrite(alwaysAnswering({ value }).clients, groupFacts, image);

  it('has the image of that write beside its own, and the error', async () => {
    expect(await read(entry('write', 'Failed', 50, newer))).toEqual({
      ...groupFacts,
      provisioningState: 'Failed',
      images: [image, 'acrshop.azurecr.io/shop/orders:v2'],
      writeError: { text: newer, atMs: Date.parse('2026-06-01T01:50:00Z') },
    });
  });

  it('is told apart from one whose own image failed: that is read from its containers', async () => {
    expect(await read(entry('write', 'Failed', 50, inaccessible))).toBe(groupFacts);
  });

  it('is as it is where a later write succeeded', async () => {
    expect(await read(entry('write', 'Succeeded', 55), entry('write', 'Failed', 50, newer))).toBe(groupFacts);
  });
});
