import { serve } from '../../protocol/serve';
import { engineContract, failureOf } from './engine-contract';
import { engineHandlers } from './engine-server';

/* The program of the engine's process: all native code of the engine runs here and nowhere else. */
serve(engineContract, engineHandlers(), failureOf);
