// The options of `npm start`.
import { parseArgs } from 'node:util';

export interface Options {
  readonly exit: boolean;
  readonly list: boolean;
  readonly help: boolean;
  readonly verbose: boolean;
  readonly record: boolean;
  readonly keep: boolean;
  /** On real parts, not on virtual time. */
  readonly real: boolean;
  /** The tour alone. */
  readonly tour: boolean;
  /** The function key of apps that go on, as the command line takes it: from the environment, never an argument. */
  readonly functionKey: string | undefined;
  readonly speed: number;
  readonly port: number;
  /** Where to write what each diagnosis cost. */
  readonly costs: string | undefined;
  readonly scenarios: readonly string[];
}

/** An option that cannot be used; the message is one sentence. */
export class BadOption extends Error {
  override readonly name = 'BadOption';
}

export const help = `npm start -- [options]

Without options: the tour on real parts (the deployed bundle, Azurite, TLS, a clock that runs fast),
then every other scenario on virtual time.

  --scenario NAME   play this built-in scenario, or this FILE, on virtual time, and end; may be repeated
  --real            play on real parts: what --scenario names, or all
  --tour            play the tour alone, on real parts
  --list            list the built-in scenarios
  --exit            end after the table; exit code 0 only if every expectation held
  --keep            as --real, and leave each simulated Azure running, for pullmedic diagnose
                    --simulation; with up to six scenarios their pullmedics too, for pullmedic approve,
                    reject, undo, replay, history, show; PULLMEDIC_KEY becomes their function key
  --record          print what happened in each scenario, as text
  --costs FILE      write what each diagnosis asked for and how many requests it took, as JSON
  --speed N         simulated seconds a second on real parts (1 to 240, default 60)
  --port N          first port of the histories of real parts (default 7071)
  --verbose         print the app's own log
`;

function number(text: string | undefined, name: string, fallback: number, from: number, to: number): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < from || value > to)
    throw new BadOption(`--${name} takes a whole number from ${from} to ${to}, not "${text.slice(0, 40)}".`);
  return value;
}

const keyName = 'PULLMEDIC_KEY';

/** The host takes no shorter key. The sentence must not quote what was set. */
function chosenKey(text: string | undefined): string | undefined {
  const key = text?.trim() || undefined;
  if (key !== undefined && key.length < 16)
    throw new BadOption(`${keyName} is shorter than 16 characters: export ${keyName}=$(openssl rand -hex 16)`);
  return key;
}

/** Reads the options. Throws {@link BadOption}. */
export function readOptions(args: readonly string[], env: NodeJS.ProcessEnv): Options {
  const options = {
    exit: { type: 'boolean' },
    list: { type: 'boolean' },
    help: { type: 'boolean' },
    verbose: { type: 'boolean' },
    record: { type: 'boolean' },
    keep: { type: 'boolean' },
    real: { type: 'boolean' },
    tour: { type: 'boolean' },
    speed: { type: 'string' },
    costs: { type: 'string' },
    port: { type: 'string' },
    scenario: { type: 'string', multiple: true },
  } as const;
  try {
    const { values } = parseArgs({ args: [...args], options, allowPositionals: false });
    if (values.tour === true && values.scenario !== undefined)
      throw new BadOption('--tour and --scenario do not go together: the tour is a list of its own.');
    return {
      exit: values.exit ?? false,
      list: values.list ?? false,
      help: values.help ?? false,
      verbose: values.verbose ?? false,
      record: values.record ?? false,
      keep: values.keep ?? false,
      real: values.real === true || values.keep === true,
      tour: values.tour ?? false,
      functionKey: values.keep === true ? chosenKey(env[keyName]) : undefined,
      speed: number(values.speed, 'speed', 60, 1, 240),
      port: number(values.port, 'port', 7071, 1024, 65_000),
      costs: values.costs,
      scenarios: values.scenario ?? [],
    };
  } catch (error) {
    if (error instanceof BadOption) throw error;
    const said = error instanceof Error ? error.message.split('. ')[0] : 'Unknown option';
    throw new BadOption(`${said}. See npm start -- --help.`);
  }
}
