// Generated cases are the same in every run: else a mutant would live or die by chance.
import fc from 'fast-check';

fc.configureGlobal({ seed: 1 });
