// As a preload of Azurite: its clock stands where the test has put it, so that a message that is due in an hour is seen after a jump.
import { steerDate } from './steered-date.ts';

const date = steerDate(Date.now());

process.on('message', (message: unknown) => {
  if (typeof message !== 'object' || message === null || !('nowMs' in message)) return;
  date.put(Number(message.nowMs));
  process.send?.({ nowMs: message.nowMs });
});
