// As a preload of Azurite: its clock stands where the test has put it, so that a message that is due in an hour is seen after a jump.
const RealDate = Date;
let nowMs = RealDate.now();

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args: unknown[], newTarget) =>
    Reflect.construct(target, args.length === 0 ? [nowMs] : args, newTarget) as object,
  apply: () => new RealDate(nowMs).toString(),
  get: (target, key, receiver): unknown => (key === 'now' ? () => nowMs : Reflect.get(target, key, receiver)),
});

process.on('message', (message: unknown) => {
  if (typeof message !== 'object' || message === null || !('nowMs' in message)) return;
  nowMs = Number(message.nowMs);
  process.send?.({ nowMs });
});
