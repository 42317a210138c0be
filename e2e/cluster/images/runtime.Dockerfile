FROM scratch
ADD runtime.tar /
ENV PATH=/usr/local/bin
USER 65532:65532
