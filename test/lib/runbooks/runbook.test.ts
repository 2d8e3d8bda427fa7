// The parts that every runbook is built from: values as words of a shell and strings of Bicep, and the options that name a resource.
import { describe, expect, it } from 'vitest';
import {
  appOptions,
  bicepString,
  optionsFor,
  placeOf,
  registryOptions,
  registryPlace,
  shellWord,
  verifyPull,
  wordOr,
} from '../../../src/lib/runbooks/runbook.ts';
import { known } from '../../../src/lib/words/fact.ts';
import { appId, dnsUnlinked, registryId, target } from '../facts.ts';

const subscription = appId.split('/')[2];

describe('a word of a command', () => {
  it('is written bare only where a shell reads nothing into it', () => {
    expect(shellWord('acrshop.azurecr.io/shop/orders:v1')).toBe('acrshop.azurecr.io/shop/orders:v1');
    expect(shellWord('a b')).toBe("'a b'");
    expect(shellWord('$(id)')).toBe("'$(id)'");
    expect(shellWord("it's")).toBe(String.raw`'it'\''s'`);
    expect(shellWord('')).toBe("''");
  });

  it('is a placeholder in capitals where the value is not known', () => {
    expect([wordOr(undefined, 'IMAGE'), wordOr('', 'IMAGE'), wordOr('a:1', 'IMAGE')]).toEqual([
      'IMAGE',
      'IMAGE',
      'a:1',
    ]);
  });
});

describe('a string of Bicep', () => {
  it('ends where the value ends, and reads nothing in it', () => {
    expect(bicepString("it's")).toBe(String.raw`'it\'s'`);
    expect(bicepString('${x} $5')).toBe(String.raw`'\${x} $5'`);
    expect(bicepString('a\\\nb')).toBe(String.raw`'a\\\nb'`);
  });
});

describe('the options that name a resource', () => {
  it('are its name, its group and its subscription', () => {
    expect(optionsFor(placeOf(registryId, 'REGISTRY'), '--registry')).toBe(
      `--registry acrshop --resource-group rg-registry --subscription ${subscription}`,
    );
    expect(appOptions({ target })).toBe(`--name ca-orders --resource-group rg-apps --subscription ${subscription}`);
  });

  it('are placeholders for what the id does not say', () => {
    expect(placeOf(undefined, 'REGISTRY')).toEqual({ group: 'GROUP', name: 'REGISTRY' });
    expect(optionsFor(placeOf('no id', 'APP'))).toBe('--name APP --resource-group GROUP');
  });

  it('name a registry by its resource, by its host where that was not read, and by a placeholder elsewhere', () => {
    expect(registryPlace({ target, evidence: dnsUnlinked }).group).toBe('rg-registry');
    expect(registryOptions({ target, evidence: { atMs: 0 } })).toBe('--name acrshop');
    expect(registryOptions({ target, evidence: { atMs: 0, registry: known('not-found') } })).toBe('--name acrshop');
    expect(registryOptions({ target: { ...target, registry: 'ghcr.io' }, evidence: { atMs: 0 } })).toBe(
      '--name REGISTRY',
    );
  });
});

describe('the check of a pull', () => {
  it('lists the revisions of this app and changes nothing', () => {
    expect(verifyPull({ target })).toMatch(/^az containerapp revision list --name ca-orders /);
  });

  it('asks for the row that proves a pull, because a green revision does not', () => {
    expect(verifyPull({ target })).toMatch(
      /\naz containerapp logs show --name ca-orders .* --type system --tail 20\n# Proof: a row PulledImage since the fix/,
    );
  });
});
