module example.org/inner

replace example.org/app => ..
