import type { Command } from '../command';

/** Takes a promotion back. */
export const undo: Command = {
  name: 'undo',
  synopsis: 'undo PROMOTION [--folder DIR] [--json]',
  summary: 'Takes a promotion back: its branch and tag are as before.',
  options: {},
  words: { least: 1, most: 1 },

  async run(call) {
    const { client } = await call.server();
    const { promotion } = await client.call('undoPromotion', { promotionId: call.words[0] ?? '' });
    const { promotionId, branch, tag } = promotion;
    if (call.json) call.printJson({ promotionId, branch, tag });
    else call.print(`The promotion of ${tag} on ${branch} is undone.`);
    return 0;
  },
};
