// Starts what every page may use. Each part does nothing where its markup is missing, and every page works without them.
import { initAll } from "./vendor/govuk-frontend/govuk-frontend.min.js";
import { drawCharts } from "./charts.js";
import { keepFocusOnAnswer } from "./focus.js";
import { keepForms } from "./kept_form.js";
import { showWhatIsKept } from "./kept_texts.js";
import { offerToPrint } from "./print.js";
import { keepSessionOpen } from "./session.js";
import { makeTablesSortable } from "./sortable.js";
import { forgetWhatWasTyped } from "./typed.js";

initAll();
keepFocusOnAnswer();
makeTablesSortable();
drawCharts();
keepSessionOpen();
forgetWhatWasTyped();
keepForms();
showWhatIsKept();
offerToPrint();
