/**
 * Makes every run of the property tests try the same examples, so that a test that fails has to do with the change.
 * FRESH_SCIM_SEED chooses others.
 */
import { configureGlobal } from 'fast-check';

const DEFAULT_SEED = 20_261_123;

configureGlobal({ seed: Number(process.env['FRESH_SCIM_SEED'] ?? DEFAULT_SEED) });
