import type { Command } from '../command';

/** Takes a promotion back. */
export const undo: Command = {
  name: 'undo',
  synopsis: 'undo PROMOTION [--folder DIR] [--json]',
  summary: 'Takes a promotion back, by its id or its tag: branch and tag are as before.',
  options: {},
  words: { least: 1, most: 1 },

  async run(call) {
    const { client } = await call.server();
    const [word = ''] = call.words;
    const { promotions } = await client.call('listPromotions', {});
    const tagged = promotions.find((each) => each.tag === word && each.undoneAt === null);
    const { promotion } = await client.call('undoPromotion', { promotionId: tagged?.promotionId ?? word });
    const { promotionId, branch, tag } = promotion;
    if (call.json) call.printJson({ promotionId, branch, tag });
    else call.print(`The promotion of ${tag} on ${branch} is undone.`);
    return 0;
  },
};
