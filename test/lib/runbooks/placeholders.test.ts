// No command has an invented word without saying what to put in.
import { describe, expect, it } from 'vitest';
import { causes } from '../../../src/lib/causes/causes.ts';
import { runbookFor } from '../../../src/lib/runbooks/index.ts';
import { placeholdersIn } from '../../../src/lib/runbooks/placeholders.ts';
import { inputFor, knowingNothing } from './cases.ts';

describe('a word in capitals in a command', () => {
  it.each(causes)('is explained in the runbook of %s where nothing is known', (cause) => {
    const { advice, commands } = runbookFor(knowingNothing(cause));
    const said = `${advice} ${commands.map(({ title }) => title).join(' ')}`;
    const words = commands.flatMap(({ language, text }) => (language === 'az' ? placeholdersIn(text) : []));

    for (const word of words) expect(said).toMatch(new RegExp(`\\b${word}\\b`));
    expect(said).not.toContain('yours to choose');
  });

  it('is none where everything is known', () => {
    expect(runbookFor(inputFor('registry-firewall')).advice).not.toContain('Put in what');
    expect(runbookFor(knowingNothing('registry-firewall')).advice).toContain(
      'ADDRESS is the address by which connections leave',
    );
  });

  it('is no variable of the shell, and no name in quotes', () => {
    expect(placeholdersIn('read -rs NEW\naz keyvault secret set --name s --value "$NEW"')).toEqual([]);
    expect(placeholdersIn('az role assignment list --query "[?name==\'ABC\']" --scope REGISTRY_ID')).toEqual([
      'REGISTRY_ID',
    ]);
    expect(placeholdersIn('az acr show --name acrTAG')).toEqual([]);
  });
});
