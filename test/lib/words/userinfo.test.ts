// What people paste before a host is never repeated.
import { describe, expect, it } from 'vitest';
import { withoutUserinfo, withoutUserinfoIn } from '../../../src/lib/words/userinfo.ts';

const digest = `sha256:${'a'.repeat(64)}`;

describe('a user name and a password before a host', () => {
  it.each([
    ['https://robot:S3cret@acrshop.azurecr.io/app:v1', 'https://[secret]@acrshop.azurecr.io/app:v1'],
    ['https://S3cret@acrshop.azurecr.io/app:v1', 'https://[secret]@acrshop.azurecr.io/app:v1'],
    ['https://robot:S3/cr@et@acrshop.azurecr.io/app', 'https://[secret]@acrshop.azurecr.io/app'],
    [`https://robot:S3cret@acrshop.azurecr.io/app@${digest}`, `https://[secret]@acrshop.azurecr.io/app@${digest}`],
    ['robot:S3cret@acrshop.azurecr.io/app:v1', '[secret]@acrshop.azurecr.io/app:v1'],
    ['robot$ci:S3cret@localhost:5000/app', '[secret]@localhost:5000/app'],
    ['Invalid value: "robot:S3cret@acrshop.azurecr.io/app"', 'Invalid value: "[secret]@acrshop.azurecr.io/app"'],
  ])('is left out: %s', (text, said) => {
    expect(withoutUserinfo(text)).toBe(said);
    expect(said).not.toMatch(/S3|robot/);
  });

  it.each([
    'acrshop.azurecr.io/app:v1',
    `acrshop.azurecr.io/app@${digest}`,
    `acrshop.azurecr.io/app:v1@${digest}`,
    `app:v1@${digest}`,
    `https://acrshop.azurecr.io/app@${digest}`,
    'mail to shop@contoso.example',
  ])('is not seen where there is none: %s', (text) => {
    expect(withoutUserinfo(text)).toBe(text);
  });
});

describe('a value that becomes JSON', () => {
  it('keeps its shape, and none of its texts has a password before a host', () => {
    const value = { image: 'robot:S3cret@acrshop.azurecr.io/app:v1', list: [{ at: 1, none: null }], yes: true };

    expect(withoutUserinfoIn(value)).toEqual({ ...value, image: '[secret]@acrshop.azurecr.io/app:v1' });
  });
});
