// The rule table: what each piece of software writes when a pull fails, and what it means by it. The first row that matches wins.

import { type Rule } from './rule.ts';
import { broken, platform, reference, space } from './rules-of-images.ts';
import { encrypted, names, path } from './rules-of-networks.ts';
import { plainFirst, plainLast } from './rules-of-plain-words.ts';
import { policies } from './rules-of-policies.ts';
import { absent, absentToo, causeless, failing, refused, throttled } from './rules-of-registries.ts';
import { identity, rejected, rejectedToo } from './rules-of-sign-in.ts';

export const rules: readonly Rule[] = [
  ...refused,
  ...policies,
  ...plainFirst,
  ...reference,
  ...space,
  ...throttled,
  ...platform,
  ...broken,
  ...encrypted,
  ...identity,
  ...names,
  ...path,
  ...failing,
  ...rejected,
  ...absent,
  ...rejectedToo,
  ...absentToo,
  ...causeless,
  ...plainLast,
];
