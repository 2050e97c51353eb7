import { expect, test } from 'vitest';
import { findTrackingUri } from './trackingUri';

test('the address of set_tracking_uri is found, by place and by name', () => {
  expect(findTrackingUri('import mlflow\nmlflow.set_tracking_uri("http://box:5000")\n')).toBe(
    'http://box:5000',
  );
  expect(
    findTrackingUri(
      "from mlflow import set_tracking_uri as s, set_tracking_uri\nset_tracking_uri(uri='file:./runs')",
    ),
  ).toBe('file:./runs');
});

test('an address put into the environment is found', () => {
  expect(findTrackingUri('import os\nos.environ["MLFLOW_TRACKING_URI"] = "sqlite:///runs.db"')).toBe(
    'sqlite:///runs.db',
  );
});

test('the last of several counts', () => {
  expect(findTrackingUri('mlflow.set_tracking_uri("a")\nmlflow.set_tracking_uri("b")')).toBe('b');
});

test('nothing is said of a script that sets none, computes it, or only speaks of it', () => {
  expect(findTrackingUri('mlflow.log_metric("loss", 1)')).toBeNull();
  expect(findTrackingUri('mlflow.set_tracking_uri(args.uri)')).toBeNull();
  expect(findTrackingUri('# mlflow.set_tracking_uri("http://box")\nprint("MLFLOW_TRACKING_URI")')).toBeNull();
});
