// The command that lets a replica pull with what was changed.
import { describe, expect, it } from 'vitest';
import { restartWithIt } from '../../../src/lib/runbooks/restart.ts';
import { known } from '../../../src/lib/words/fact.ts';
import { app, dnsUnlinked, revision } from '../facts.ts';
import { inputFor } from './cases.ts';

const commandsWith = (more: object): string[] =>
  restartWithIt(inputFor('credential-rejected', { evidence: { ...dnsUnlinked, ...more } })).map(({ text }) => text);

describe('the restart after a change', () => {
  it('is of the newest revision', () => {
    expect(commandsWith({})).toEqual([expect.stringContaining(`--revision ${revision.name} `)]);
  });

  it('begins with the command that finds the revision, where none is known', () => {
    const [find, restart] = restartWithIt(inputFor('credential-rejected', { evidence: { atMs: 0 } }));

    expect(find?.text).toContain('az containerapp revision list');
    expect(restart?.title).toContain('in place of REVISION');
  });

  it('is none after a rejected write, which made no revision', () => {
    const rejected = { app: known({ ...app, provisioningState: 'Failed' }), revisions: known([]) };

    expect(commandsWith(rejected)).toEqual([]);
  });
});
