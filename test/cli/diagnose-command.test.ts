// What `pullmedic diagnose` refuses before it asks Azure anything. A look against a simulation: test/scenarios/diagnose.test.ts.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { UsageError } from '../../src/cli/classify-command.ts';
import { diagnoseCommand } from '../../src/cli/diagnose-command.ts';
import { appId, registryId } from '../lib/facts.ts';

afterEach(() => vi.restoreAllMocks());

describe('pullmedic diagnose', () => {
  it.each<[string, readonly string[], string]>([
    ['no app', [], '--app takes'],
    ['a name instead of an id', ['--app', 'ca-orders'], '--app takes'],
    ['the id of a registry', ['--app', registryId], '--app takes'],
    ['no time at all', ['--app', appId, '--since', '0'], '--since takes'],
    ['more than 30 days', ['--app', appId, '--since', '43201'], '--since takes'],
    ['a time in words', ['--app', appId, '--since', 'yesterday'], '--since takes'],
    ['an unknown cloud', ['--app', appId, '--cloud', 'moon'], '--cloud takes one of public'],
    ['an address without a simulation', ['--app', appId, '--simulation', 'http://127.0.0.1:9/'], 'no simulation'],
  ])('refuses %s', async (_, args, sentence) => {
    const command = diagnoseCommand(args);

    await expect(command).rejects.toThrow(UsageError);
    await expect(command).rejects.toThrow(sentence);
  });

  it('explains its exit codes', async () => {
    const printed = vi.spyOn(process.stdout, 'write').mockReturnValue(true);

    expect(await diagnoseCommand(['--help'])).toBe(0);
    expect(printed.mock.calls.join('')).toContain('10 identity or role; 11 network; 12 image');
  });
});
