/** Whether a name is one that people give to what they try in a training, in lower or upper case. */
export function isTrainingName(name: string): boolean {
  return TRAINING_NAME.test(name);
}

const TRAINING_NAME =
  /^(base_|max_|min_|init_|initial_)?(lr|lrs|learning_?rate|eta|alpha|beta\d?|gamma|lambda_?|tau|eps|epsilon|momentum|dropout|drop_?rate|drop_?path|weight_?decay|wd|l1|l2|c|reg(ularization)?|temperature|warmup(_\w+)?|patience|tol(erance)?|threshold|margin|clip(_\w+)?|grad_\w+|label_smoothing)$|^((n|num|max|min|total|warmup)_?)?(epochs?|steps?|iters?|iterations?|rounds?)$|^(train_|eval_|test_|val_|mini_)?(batch_?size|bs|batch)$|^(optimizer|optim|opt|scheduler|activation|loss|criterion|model|model_name|arch|architecture|backbone|kernel|solver|penalty|normalization|norm|pooling|augment(ation)?|precision|dtype|device)$|^(\w+_)?(hidden|hidden_\w+|units|layers|channels|heads|depth|width|filters|features|dims?|embed\w*|neurons|classes|blocks)(_\w+)?$|^(d_model|d_ff|n_head|n_layer|n_embd|block_size|context_length|seq_len|max_len|vocab_size|kernel_size|stride|padding|latent_dim|image_size|img_size|input_size)$|^(seed|random_?seed|random_?state|n_estimators|num_trees|n_trees|max_depth|num_leaves|min_samples\w*|subsample|colsample\w*|n_neighbors|k|n_clusters|n_components|test_size|val_size|train_size|val_split|split|folds|n_splits|cv)$/i;
