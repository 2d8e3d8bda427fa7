// Where no cause was found, what speaks of no failure does not stand among what speaks of one.
import { expect, it } from 'vitest';
import { sidesWithoutCause } from '../../../src/lib/console/finding-sides.ts';
import type { Finding } from '../../../src/lib/history/diagnosis.ts';

const silent: Finding = { code: 'log-silent', detail: {} };
const before: Finding = { code: 'pulled-before', detail: {} };
const other: Finding = { code: 'log-says', detail: { label: 'not-a-pull-failure' } };
const refused: Finding = { code: 'log-says', detail: { label: 'unauthorized' } };
const missing: Finding = { code: 'image-missing', detail: {} };
const allows: Finding = { code: 'role-present', detail: {} };

it('keeps what claims a failed pull, and moves silence, other matters and earlier pulls to the other side', () => {
  expect(sidesWithoutCause({ for: [silent, refused, before, missing, other], against: [allows] })).toEqual({
    for: [refused, missing],
    against: [silent, before, other, allows],
  });
});
