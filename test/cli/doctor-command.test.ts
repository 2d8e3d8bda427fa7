// The command that runs the checks: before a deployment, or of one.
import { describe, expect, it } from 'vitest';
import { argumentsOf } from '../../src/cli/arguments.ts';
import { doctorCommand } from '../../src/cli/doctor-command.ts';
import { keepPrinted } from './ran.ts';

const nowhere = 'http://127.0.0.1:1';
const noAz = (): Promise<string> => Promise.reject(new Error('there is no az'));
describe('pullmedic doctor', () => {
  it('ends with 3 where something could not be read, and says what to do', async () => {
    const printed = keepPrinted();

    expect(await doctorCommand(argumentsOf('doctor', []), {}, noAz)).toBe(3);
    expect(printed.out()).toContain('UNREAD');
    expect(printed.out()).toContain('az login');
  });

  it('prints each check as JSON for programs', async () => {
    const printed = keepPrinted();

    expect(await doctorCommand(argumentsOf('doctor', ['--json']), {}, noAz)).toBe(3);
    expect(JSON.parse(printed.out())).toContainEqual(expect.objectContaining({ found: 'unreadable' }));
  });

  it('ends with 1 where no app answers', async () => {
    const printed = keepPrinted();

    expect(await doctorCommand(argumentsOf('doctor', ['--url', nowhere]), {}, noAz)).toBe(1);
    expect(printed.error()).toContain('does not answer');
  });

  it.each([
    [['--subscription', 'all of them'], '--subscription takes'],
    [['--url', 'http://func.example'], '--url takes'],
    [['--fix'], '--fix'],
  ])('does not take %j', async (args, says) => {
    await expect(async () => doctorCommand(argumentsOf('doctor', args), {}, noAz)).rejects.toThrow(says);
  });
});
