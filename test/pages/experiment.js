// The whole page of an experiment over a fake window; `window.page` is what tests look at.
import './fakeExperimentHost';
import '../../webview/pages/experiment';
