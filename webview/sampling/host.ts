import { t } from '@vscode/l10n';
import {
  type SamplingHostContract,
  type SamplingState,
  type SamplingWebviewContract,
  samplingHostContract,
  samplingWebviewContract,
} from '../../src/view/sampling-view';
import { ViewChannel, type ViewMessage } from '../../src/view/view-channel';
import { explain } from '../shared/explain';

/** For calls that ask nobody anything. */
const TIMEOUT = 60_000;

/** What can be done with the sampling from its view. */
export type Deed = Exclude<keyof SamplingHostContract['methods'], 'ready'>;

/** The extension, as the view knows it. */
export class Host {
  private readonly channel: ViewChannel<SamplingWebviewContract, SamplingHostContract>;

  constructor(show: (state: SamplingState) => void, post: (message: ViewMessage) => void) {
    this.channel = new ViewChannel({
      mine: {
        name: 'webview',
        contract: samplingWebviewContract,
        handlers: {
          show: (state) => {
            show(state);
            return null;
          },
        },
        failureOf: (error) => ({ message: explain(error) }),
      },
      theirs: { name: 'host', contract: samplingHostContract, title: t('The extension') },
      post,
    });
  }

  /** Takes a message of the page. */
  receive(raw: unknown): void {
    this.channel.receive(raw);
  }

  ready(): Promise<SamplingState> {
    return this.channel.caller.call('ready', {}, { timeout: TIMEOUT });
  }

  /** Who is asked to trust the folder first may take their time. */
  do(deed: Deed): Promise<null> {
    return this.channel.caller.call(deed, {});
  }
}
