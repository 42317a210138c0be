FROM scratch
ADD postgres.tar /
COPY postgres.entrypoint /usr/local/bin/docker-entrypoint.sh
ENV PATH=/usr/local/bin:/usr/lib/postgresql/15/bin:/usr/bin:/bin PGDATA=/var/lib/postgresql/data PG_MAJOR=15 LANG=C.UTF-8
USER 999:999
# fast shutdown: people are disconnected, transactions are rolled back, a checkpoint is written
STOPSIGNAL SIGINT
EXPOSE 5432
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["postgres"]
