// The command that runs the checks: before a deployment, or of one.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { doctorCommand, doctorUsage } from '../../src/cli/doctor-command.ts';

const nowhere = 'http://127.0.0.1:1';
const noAz = (): Promise<string> => Promise.reject(new Error('there is no az'));
let printed = '';

function listen(): void {
  printed = '';
  const take = (text: string | Uint8Array): boolean => {
    printed += String(text);
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(take);
  vi.spyOn(process.stderr, 'write').mockImplementation(take);
}
afterEach(() => vi.restoreAllMocks());

describe('pullmedic doctor', () => {
  it('ends with 3 where something could not be read, and says what to do', async () => {
    listen();

    expect(await doctorCommand([], {}, noAz)).toBe(3);
    expect(printed).toContain('UNREAD');
    expect(printed).toContain('az login');
  });

  it('ends with 1 where no app answers', async () => {
    listen();

    expect(await doctorCommand(['--url', nowhere], {}, noAz)).toBe(1);
    expect(printed).toContain('does not answer');
  });

  it.each([
    [['--subscription', 'all of them'], '--subscription takes'],
    [['--url', 'http://func.example'], '--url takes'],
    [['--fix'], '--fix'],
  ])('does not take %j', async (args, says) => {
    await expect(doctorCommand(args, {}, noAz)).rejects.toThrow(says);
  });

  it('explains itself', async () => {
    listen();

    expect(await doctorCommand(['--help'], {}, noAz)).toBe(0);
    expect(printed).toBe(doctorUsage);
  });
});
