// What runbooks say where there is nothing to run.
import { describe, expect, it } from 'vitest';
import { answer, inRegistry } from '../../../src/lib/runbooks/answer.ts';
import { target } from '../facts.ts';
import { inputFor } from './cases.ts';

describe('a runbook that changes nothing', () => {
  it('says that it has no command, once', () => {
    const none = answer(inputFor('tls-untrusted'), { title: 'T', advice: 'Wait.', commands: [] });
    const said = answer(inputFor('tls-untrusted'), { title: 'T', advice: 'There is no command for it.', commands: [] });

    expect(none.advice).toBe('Wait. There is no command for this.');
    expect(said.advice).toBe('There is no command for it.');
  });

  it('names the registry in the way that the command asks for', () => {
    const about = { title: 'T', command: 'az acr build' };
    const input = inputFor('image-invalid');

    expect(inRegistry(input, about)[0]?.text).toMatch(/^az acr build --name acrshop/);
    expect(inRegistry(input, { ...about, option: '--registry' })[0]?.text).toMatch(/^az acr build --registry acrshop/);
    expect(inRegistry({ ...input, target: { ...target, registry: 'ghcr.io' } }, about)).toEqual([]);
  });
});
