// Wiring: read the settings, connect, register. Read this first.
import { register } from './register.ts';
import { startUp } from './start.ts';

register(startUp(process.env, (line) => process.stdout.write(`${line}\n`)));
